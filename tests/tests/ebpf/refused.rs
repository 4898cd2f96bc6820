//! Files that are not loaded: each is named, and nothing of it is left in the kernel.

use plugin_contracts::plugin_contract;
use plugin_host::{LoadError, Plugin};

use super::build;
use super::contract::Probe;
use super::system::Kernel;

#[track_caller]
fn refused(bytes: &[u8], says: &[&str]) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = build::beside(&directory, "bad.bpf.o", bytes);
    // SAFETY: what is loaded of it was compiled here.
    let error = unsafe { Plugin::<dyn Probe>::load(&path) }.expect_err("it is refused");
    let text = error.to_string();
    assert!(matches!(error, LoadError::Kernel { .. }), "{text}");
    for said in says {
        assert!(text.contains(said), "`{said}` is not said:\n{text}");
    }
}

fn object() -> Vec<u8> {
    std::fs::read(build::probe()).expect("it was compiled")
}

#[test]
fn an_object_in_the_other_byte_order_is_refused() {
    let mut bytes = object();
    // The head alone decides: the rest is not looked at.
    bytes[5] = 2;
    bytes[18..20].copy_from_slice(&247_u16.to_be_bytes());
    bytes[20..64].fill(0);
    refused(&bytes, &["found one in big endian"]);
}

#[test]
fn an_object_without_types_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = build::beside(&directory, "bare.c", b"int ingress(void *c) { return 2; }\n");
    let object = path.with_extension("o");
    let clang = std::process::Command::new("clang")
        .args(["-O2", "-target", "bpf", "-c"])
        .arg(&path)
        .arg("-o")
        .arg(&object)
        .status();
    assert!(clang.expect("clang starts").success());
    refused(&std::fs::read(object).expect("it was compiled"), &["has no BTF", "compile it with `-g`"]);
}

#[test]
fn an_object_that_is_cut_short_or_damaged_never_reaches_the_kernel() {
    let whole = object();
    for end in [20, 64, 65, 100, whole.len() / 2, whole.len() - 1] {
        refused(&whole[..end], &[]);
    }
    // Bytes everywhere, one at a time: whatever is said of such an object, it is said.
    let plan = build::plan();
    let (mut refused, mut compared) = (0, 0);
    for at in (0..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x41;
        match plugin_bpf::Object::parse(&bytes) {
            Ok(object) => compared += usize::from(!plugin_bpf::compare(&plan, &object).is_empty()),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 0 && compared > 0, "{refused} are no objects, {compared} differ");
}

#[test]
fn an_object_that_drifted_is_refused_with_both_sides() {
    let source = build::header_without_assertions().replace("__s32 half;", "__u32 half;")
        + &build::SOURCE.replace("#include \"test_probe.bpf.h\"", "");
    let (directory, compiled) = build::compile::<dyn Probe>(&source);
    assert!(compiled.is_err(), "the build fails too");
    let object = std::fs::read(directory.path().join("probe.bpf.o")).expect("clang has made it");
    refused(&object, &["is not what `test.probe` says", "[PC305] `Wide.half`", "`i32`", "`__u32`"]);
}

#[test]
fn what_the_verifier_refuses_is_shown_at_its_line_with_a_hint() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let cases = [
        (
            "return ctx->data_end - ctx->data > 100 ? XDP_DROP : XDP_PASS;",
            "return *(volatile char *)(long)ctx->data;",
            "return *(volatile char *)(long)ctx->data;",
            "`data_end`",
        ),
        (
            "if (count)\n\t\t__sync_fetch_and_add(count, 1);",
            "struct test_probe_inner at = {};\n\tstruct test_probe_wide *wide = bpf_map_lookup_elem(&table, &at);\n\twide->word = (long)count;",
            "wide->word = (long)count;",
            "a lookup may find nothing",
        ),
    ];
    for (from, to, line, hint) in cases {
        assert!(build::SOURCE.contains(from));
        let (_directory, compiled) = build::compile::<dyn Probe>(&build::SOURCE.replace(from, to));
        let object = std::fs::read(compiled.expect("clang takes it").object).expect("it was compiled");
        refused(&object, &["the kernel's verifier refused", "probe.bpf.c:", line, hint]);
    }
}

#[test]
fn a_contract_that_no_object_can_carry_is_named() {
    #[plugin_contract(id = "test.plain", version = "1.0.0", unlocked)]
    pub trait Plain {
        fn name(&self) -> String;
    }
    // SAFETY: it is refused before anything of it is loaded.
    let error = unsafe { Plugin::<dyn Plain>::load(build::probe()) }.expect_err("it is refused");
    assert!(error.to_string().contains("no eBPF object can carry it"), "{error}");
}

#[test]
fn constants_of_another_type_are_refused_before_anything_is_loaded() {
    let cases = [
        (Plugin::<dyn Probe>::options().constants("number", &1_u64), "they are a `u32`"),
        (Plugin::<dyn Probe>::options().constants("numbers", &1_u32), "it has no such method"),
        (Plugin::<dyn Probe>::options().constants("ask", &1_u32), "not under `#[config]`"),
    ];
    for (options, says) in cases {
        // SAFETY: as above.
        let error = unsafe { options.load(build::probe()) }.expect_err("it is refused");
        assert!(matches!(error, LoadError::Constants { .. }) && error.to_string().contains(says), "{error}");
    }
}

#[test]
fn a_value_has_hooks_that_say_what_they_lack() {
    use super::contract::MockProbe;
    let mut mock = MockProbe::new();
    mock.expect_ingress().return_const(2_u32);
    let probe = Plugin::<dyn Probe>::linked(mock);
    assert_eq!(probe.ingress(&[]), 2);
    let error = probe.hooks().ingress().attach("lo").expect_err("nothing is in the kernel");
    assert!(error.to_string().contains("`ingress` is not carried by a kernel program"), "{error}");
}

/// Names the object that the child loads.
const OBJECT_VAR: &str = "PLUGIN_TESTS_OBJECT";

#[test]
fn a_process_without_the_rights_is_told_which() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    // Where anybody may read it.
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::set_permissions(directory.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .expect("it is ours");
    let path = build::beside(&directory, "probe.bpf.o", &object());
    let output = std::process::Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"])
        .arg(std::env::current_exe().expect("it is known"))
        .args(["--ignored", "--exact", "refused::loading_as_nobody", "--nocapture", "--test-threads=1"])
        .env(OBJECT_VAR, &path)
        .output()
        .expect("setpriv starts");
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("this process lacks CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN"), "{said}");
}

#[test]
#[ignore = "a child of the test above"]
fn loading_as_nobody() {
    let path = std::env::var_os(OBJECT_VAR).expect("the parent says which");
    // SAFETY: the object is ours.
    let error = unsafe { Plugin::<dyn Probe>::load(path) }.expect_err("nobody may");
    eprintln!("{error}");
}
