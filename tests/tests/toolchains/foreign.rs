//! Libraries for other machines and other C libraries, by a real compiler: refused while they are only files.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use plugin_host::{LoadError, Plugin};
use plugin_tests::compiler::zig_cc;
use plugin_tests::elf::Library;
use plugin_tests::fixture;

use crate::probe::Probe;

/// A library of C with the note of a plugin of Rust: a plugin to whoever reads no further.
fn with_note(directory: &Path, target: &str) -> Option<PathBuf> {
    let mut compiler = zig_cc(target)?;
    let library = Library::read(&fixture("probe"));
    let note = library.export_note();
    let bytes = &library.0[note.frame..note.desc + note.len];
    let listed = bytes.iter().fold(String::new(), |mut listed, byte| {
        let _ = write!(listed, "{byte},");
        listed
    });
    // It calls something of its C library, so that it needs it.
    let source = format!(
        "#include <stdlib.h>\n\
         __attribute__((section(\".note.plugin_contract\"), aligned(4), used))\n\
         static const unsigned char note[] = {{{listed}}};\n\
         void *__plugin_probe(void) {{ return malloc(1); }}\n"
    );
    let (source_path, path) = (directory.join("it.c"), directory.join("it.so"));
    fs::write(&source_path, source).unwrap();
    let output = compiler.args(["-shared", "-fPIC", "-o"]).arg(&path).arg(&source_path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(path)
}

#[track_caller]
fn refused(path: &Path) -> LoadError {
    // SAFETY: it is refused; its one function would do no harm.
    unsafe { Plugin::<dyn Probe>::load(path) }.expect_err("it is for another process")
}

#[test]
fn a_plugin_for_aarch64_is_refused_by_the_name_of_its_machine() {
    let directory = tempfile::tempdir().unwrap();
    let Some(path) = with_note(directory.path(), "aarch64-linux-gnu") else { return };
    let error = refused(&path);
    let LoadError::WrongArch { expected, found, .. } = &error else { panic!("{error}") };
    assert_eq!((expected.as_str(), found.as_str()), ("x86-64", "AArch64"));
    assert!(error.to_string().contains("build the plugin for this host's target"), "{error}");
}

#[test]
fn a_plugin_for_musl_is_refused_before_the_linker_sees_it() {
    let directory = tempfile::tempdir().unwrap();
    let Some(path) = with_note(directory.path(), "x86_64-linux-musl") else { return };
    let error = refused(&path);
    let LoadError::WrongLibc { expected: "glibc", found: "musl", needs, .. } = &error else {
        panic!("{error}")
    };
    assert!(needs.contains("libc"), "{error}");
    assert!(error.to_string().contains("whose name ends in `-gnu`"), "{error}");
}

#[test]
fn the_same_library_for_this_machine_goes_on_to_its_symbol() {
    let directory = tempfile::tempdir().unwrap();
    let Some(path) = with_note(directory.path(), "x86_64-linux-gnu") else { return };
    let error = refused(&path);
    assert!(matches!(error, LoadError::BadExport { .. }), "{error}");
}
