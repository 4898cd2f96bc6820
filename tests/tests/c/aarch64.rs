//! A plugin in C for another machine: refused here by what its file says, and loaded there, by a host in C under an emulator.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use plugin_abi::note::decode;
use plugin_host::{Contract, LoadError, Plugin};
use plugin_tests::compiler::{aarch64_cc, aarch64_emulator};
use plugin_tests::elf::Library;
use plugin_tests::root;

use super::header;
use super::objects::Workshop;
use super::waiting::Waiting;

/// Compiles one of `sources/` in a directory with the header of its contract.
#[track_caller]
fn compiled(mut compiler: Command, source: &str, directory: &Path, out: &str, flags: &[&str]) -> PathBuf {
    let (source, out) = (root().join("tests/tests/c/sources").join(source), directory.join(out));
    let output =
        compiler.arg("-I").arg(directory).arg(source).arg("-o").arg(&out).args(flags).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    out
}

/// A plugin of a contract in C, for 64-bit ARM; nothing when nobody compiles it.
#[track_caller]
fn plugin<C: ?Sized + Contract>(directory: &Path, source: &str, out: &str) -> Option<PathBuf> {
    let compiler = aarch64_cc()?;
    let name = plugin_gen::text::c::file_name(C::DESC.id) + ".h";
    fs::write(directory.join(name), header::<C>()).unwrap();
    Some(compiled(compiler, source, directory, out, &["-shared"]))
}

#[test]
fn a_plugin_for_aarch64_is_refused_by_what_its_file_says() {
    let directory = tempfile::tempdir().unwrap();
    let Some(library) = plugin::<dyn Workshop>(directory.path(), "workshop.c", "libobjects.so") else {
        return;
    };
    let read = Library::read(&library);
    let note = decode(2, read.desc(read.export_note())).unwrap();
    assert_eq!((&*note.package, &*note.toolchain.target), ("objects", "aarch64-unknown-linux-gnu"));
    // SAFETY: it is refused before anything of it runs.
    let error = unsafe { Plugin::<dyn Workshop>::load(&library) }.unwrap_err();
    let LoadError::WrongArch { expected, found, .. } = &error else { panic!("{error}") };
    assert_eq!((expected.as_str(), found.as_str()), ("x86-64", "AArch64"));
}

/// Loads a plugin in a host, both for 64-bit ARM: the host looks by itself whether all is well.
#[track_caller]
fn loads<C: ?Sized + Contract>(source: &str, out: &str, host: &str) {
    let Some(mut emulator) = aarch64_emulator("a host in c for aarch64") else { return };
    let directory = tempfile::tempdir().unwrap();
    let Some(library) = plugin::<C>(directory.path(), source, out) else { return };
    let Some(compiler) = aarch64_cc() else { return };
    let host = compiled(compiler, host, directory.path(), "host", &["-ldl"]);
    let output = emulator.arg(host).arg(library).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert_eq!(output.stdout, b"all well\n", "{said}");
}

#[test]
fn a_host_for_aarch64_hands_objects_and_closures_to_a_plugin() {
    loads::<dyn Workshop>("workshop.c", "libobjects.so", "shopper.c");
}

#[test]
fn a_host_for_aarch64_waits_for_a_plugin() {
    loads::<dyn Waiting>("patient.c", "libwaiting.so", "poller.c");
}
