//! Files that are not loaded: each is named, and nothing of it is left in the kernel.

use plugin_bpf::Object;
use plugin_contracts::plugin_contract;
use plugin_host::{LoadError, Plugin};

use super::build;
use super::contract::Probe;
use super::system::Kernel;

#[track_caller]
pub(crate) fn refused(bytes: &[u8], says: &[&str]) {
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
        match Object::parse(&bytes) {
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

/// The probe, with something more before its license.
fn with(more: &str) -> Vec<u8> {
    let license = "char LICENSE[]";
    let source = build::SOURCE.replace(license, &format!("{more}\n{license}"));
    assert_ne!(source, build::SOURCE);
    let (_directory, compiled) = build::compile::<dyn Probe>(&source);
    std::fs::read(compiled.expect("clang takes it").object).expect("it was compiled")
}

#[test]
fn a_file_that_is_too_large_is_refused_by_its_size() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let path = build::beside(&directory, "large.bpf.o", &object());
    // It holds nothing more, and says that it does.
    let file = std::fs::OpenOptions::new().write(true).open(&path).expect("it is ours");
    file.set_len(Object::LARGEST as u64 + 1).expect("it takes no room");
    // SAFETY: it is refused before anything of it is loaded.
    let error = unsafe { Plugin::<dyn Probe>::load(&path) }.expect_err("it is refused");
    let text = error.to_string();
    assert!(text.contains("at most 67108864 bytes, found 67108865"), "{text}");
    file.set_len(Object::LARGEST as u64).expect("it takes no room");
    // SAFETY: the object is ours; what lies behind it no section points to.
    unsafe { Plugin::<dyn Probe>::load(&path) }.expect("it is as large as it may be");
}

#[test]
fn a_map_whose_values_have_another_size_is_refused() {
    let header = build::header_without_assertions();
    let from = "__type(key, __u32);\n\t__type(value, __u64);";
    assert!(header.contains(from), "{header}");
    let source = header.replace(from, "__type(key, __u32);\n\t__type(value, __u32);")
        + &build::SOURCE.replace("#include \"test_probe.bpf.h\"", "");
    let (directory, _) = build::compile::<dyn Probe>(&source);
    let bytes = std::fs::read(directory.path().join("probe.bpf.o")).expect("clang takes it");
    refused(&bytes, &["[PC311] `state (value)`: `u64` in the contract, `__u32` in the object"]);
}

#[test]
fn what_the_kernel_does_not_have_is_named() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let function = "int of_another_kernel(void) __attribute__((section(\".ksyms\")));\n\
        SEC(\"xdp\")\nint calls(struct xdp_md *ctx) { return of_another_kernel(); }";
    let map = |kind: &str, capacity: &str| {
        format!(
            "struct {{\n__uint(type, {kind});\n__uint(max_entries, {capacity});\n__type(key, __u32);\n__type(value, __u64[1024]);\n}} huge SEC(\".maps\");"
        )
    };
    let cases = [
        (
            "SEC(\"of_tomorrow/place\")\nint unknown(void *ctx) { return 0; }".to_owned(),
            ["prog 'unknown'", "section name 'of_tomorrow/place'", "libbpf knows no such section"],
        ),
        (map("999", "1"), ["map 'huge'", "-EINVAL", "too old for its type"]),
        (map("BPF_MAP_TYPE_ARRAY", "1000000000"), ["map 'huge'", "failed to create", "lower its `capacity`"]),
        (function.to_owned(), ["of_another_kernel", "not found in kernel", "too old"]),
    ];
    for (more, says) in cases {
        refused(&with(&more), &says);
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
