//! Host and plugin by different compilers and profiles: nothing crosses that rustc may lay out as it likes.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/probe.rs"]
pub mod probe;

mod cxx;
mod foreign;
mod matrix;

use std::path::{Path, PathBuf};
use std::process::Command;

use plugin_abi::note::{Record, Toolchain, decode};
use plugin_host::{LoadError, Plugin};
use plugin_tests::elf::Library;
use plugin_tests::{cargo, nightly, plugin, root, target};
use store_contract::{Store, conformance};

/// The memory plugin, built by this cargo with these arguments into a target directory of its own.
fn build(mut cargo: Command, name: &str, arguments: &[&str], profile: &str) -> PathBuf {
    let target = target().join("toolchains").join(name);
    // The cdylib alone: a crate that becomes an rlib too is not optimised across crates.
    cargo.args(["rustc", "--quiet", "--package", "memory", "--crate-type", "cdylib"]);
    cargo.args(arguments).arg("--target-dir").arg(&target);
    let status = cargo.current_dir(root()).status().expect("cargo starts");
    assert!(status.success(), "building memory for `{name}` failed");
    target.join(profile).join("libmemory.so")
}

/// What the plugin's note says of the compiler that made it.
fn toolchain(path: &Path) -> Toolchain {
    let library = Library::read(path);
    let note = library.export_note();
    let record: Record = decode(note.kind, library.desc(note)).unwrap();
    record.toolchain
}

fn conforms(path: &Path) {
    // SAFETY: the file is built by this test.
    let store = unsafe { Plugin::<dyn Store>::load(path) }.unwrap();
    conformance::run(&*store);
    store.close().unwrap();
}

#[test]
fn a_debug_plugin_says_so() {
    let Toolchain { rustc, target, pointer_width, debug, panic_abort, .. } = toolchain(&plugin("memory"));
    assert!(rustc.starts_with("rustc ") && target.contains("linux"), "{rustc}, {target}");
    assert_eq!((u32::from(pointer_width), debug, panic_abort), (usize::BITS, true, false));
}

#[test]
fn a_release_plugin_loads_in_this_host_and_conforms() {
    let path = build(cargo(), "release", &["--release"], "release");
    assert!(!toolchain(&path).debug);
    conforms(&path);
}

#[test]
fn a_release_plugin_with_fat_lto_loads_in_this_host_and_conforms() {
    let mut cargo = cargo();
    cargo.env("CARGO_PROFILE_RELEASE_LTO", "fat").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1");
    cargo.env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
    let path = build(cargo, "lto", &["--release"], "release");
    conforms(&path);
}

#[test]
fn a_plugin_that_aborts_on_panic_is_flagged_in_its_note_and_conforms() {
    let mut cargo = cargo();
    cargo.env("CARGO_PROFILE_DEV_PANIC", "abort");
    let path = build(cargo, "abort", &[], "debug");
    assert!(toolchain(&path).panic_abort);
    conforms(&path);
    // A host that wants none of it says so.
    let options = Plugin::<dyn Store>::options().require_unwind();
    // SAFETY: the file is code and runs with our rights; the tests built it themselves.
    let refused = unsafe { options.load(&path) }.unwrap_err();
    assert!(matches!(refused, LoadError::PanicAborts { .. }), "{refused}");
    assert!(refused.to_string().contains("panic = \"unwind\""), "{refused}");
    let options = Plugin::<dyn Store>::options().require_unwind();
    // SAFETY: as above.
    assert!(unsafe { options.load(plugin("memory")) }.is_ok());
}

#[test]
fn a_plugin_by_nightly_loads_in_this_host_and_conforms() {
    let Some(cargo) = nightly("a plugin by nightly") else { return };
    let path = build(cargo, "nightly", &[], "debug");
    let rustc = toolchain(&path).rustc;
    assert!(rustc.contains("nightly"), "{rustc}");
    conforms(&path);
}

#[test]
fn a_release_plugin_by_nightly_loads_in_this_host_and_conforms() {
    let Some(cargo) = nightly("a plugin by nightly") else { return };
    let path = build(cargo, "nightly", &["--release"], "release");
    assert!(toolchain(&path).rustc.contains("nightly") && !toolchain(&path).debug);
    conforms(&path);
}

#[test]
fn a_plugin_exports_its_one_symbol_and_nothing_else() {
    let Ok(version) = Command::new("nm").arg("--version").output() else {
        return println!("skipped: nm not installed");
    };
    assert!(version.status.success());
    for name in ["memory", "disk"] {
        let output =
            Command::new("nm").args(["--dynamic", "--defined-only"]).arg(plugin(name)).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let symbols: Vec<_> = text.lines().filter_map(|line| line.split_whitespace().last()).collect();
        assert_eq!(symbols, [format!("__plugin_{name}")]);
    }
}
