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
    // Every byte of the section headers, one at a time.
    let headers = usize::try_from(u64::from_le_bytes(*whole[40..].first_chunk().expect("it is there")))
        .expect("it fits");
    let directory = tempfile::tempdir().expect("a directory");
    for at in (headers..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x41;
        let path = build::beside(&directory, "bad.bpf.o", &bytes);
        let _ = plugin_bpf::Object::parse(&std::fs::read(path).expect("it is there"));
    }
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
