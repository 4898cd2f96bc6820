//! Hosts in C: what they refuse, and what they hear of plugins that panic.

use std::fs;
use std::path::Path;
use std::process::Command;

use plugin_tests::compiler::{Compiler, Language};
use plugin_tests::{child, fixture, root};
use tempfile::TempDir;

use super::drift::{before, changed, longer, renamed};
use super::panicky::Panicky;
use super::{build, header};

/// A host of `sources/` with this header.
#[track_caller]
pub(super) fn host(compiler: Compiler, source: &str, name: &str, header: &str) -> (TempDir, Command) {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join(name), header).unwrap();
    let source = root().join("tests/tests/c/sources").join(source);
    let program = compiler.program(&source, directory.path(), &directory.path().join("host"));
    (directory, Command::new(program.unwrap_or_else(|said| panic!("{}: {said}", compiler.name))))
}

/// The exit code of a host with this plugin, and what it prints.
fn loads(compiler: Compiler, header: &str, plugin: &Path) -> (Option<i32>, String) {
    let (_directory, mut host) = host(compiler, "loader.c", "test_drift.h", header);
    let output = host.arg(plugin).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap().trim_end().to_owned())
}

#[test]
fn a_plugin_that_does_not_fit_is_refused_by_a_host_in_c() {
    let Some(compiler) = Compiler::any(Language::C, "hosts in c") else { return };
    let [old, changed, longer] =
        [header::<dyn before::Drift>(), header::<dyn changed::Drift>(), header::<dyn longer::Drift>()];
    let built = build(compiler, "drift.c", &[("test_drift.h", &old)]).unwrap();
    // The symbol follows from the file's name.
    let plugin = built.library.with_file_name("libdrift.so");
    fs::rename(&built.library, &plugin).unwrap();
    let said = |code, text: &str| (Some(code), text.to_owned());
    assert_eq!(loads(compiler, &old, &plugin), said(0, "8"));
    let why = "the plugin was built for another signature of add";
    assert_eq!(loads(compiler, &changed, &plugin), said(1, why));
    assert_eq!(loads(compiler, &longer, &plugin), said(1, "the plugin has no method multiply"));

    let renamed = header::<dyn renamed::Drift>();
    assert_eq!(loads(compiler, &renamed, &plugin), said(0, "8"));
    let before = old.replace("{\"add\", 3}", "{\"plus\", 4}");
    let older = build(compiler, "drift.c", &[("test_drift.h", &before)]).unwrap();
    let older_plugin = older.library.with_file_name("libdrift.so");
    fs::rename(&older.library, &older_plugin).unwrap();
    assert_eq!(loads(compiler, &renamed, &older_plugin), said(0, "8"), "by the name that it had");
    assert_eq!(loads(compiler, &old, &older_plugin), said(1, "the plugin has no method add"));

    let other = old.replace("\"test.drift\"", "\"test.drifted\"");
    assert_eq!(loads(compiler, &other, &plugin), said(1, "the plugin does not export test.drifted"));
    let renamed = plugin.with_file_name("libother.so");
    fs::copy(&plugin, &renamed).unwrap();
    assert_eq!(loads(compiler, &old, &renamed), said(1, "the library does not export __plugin_other"));
    let (code, why) = loads(compiler, &old, Path::new("/nowhere/libdrift.so"));
    assert_eq!(code, Some(1));
    assert!(why.contains("cannot open shared object file"), "{why}");
}

#[test]
fn a_host_in_c_hears_of_a_panic_and_goes_on() {
    let header = header::<dyn Panicky>();
    let plugin = fixture("panicky");
    for compiler in Compiler::all_of(Language::C, "caller") {
        let (_directory, mut command) = host(compiler, "caller.c", "test_panicky.h", &header);
        command.arg(&plugin).env_remove("RUST_BACKTRACE");
        let watched = if compiler.name == "gcc" { child::under_valgrind(&command) } else { None };
        let output = watched.unwrap_or(command).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{}: {said}", compiler.name);
        assert_eq!(output.stdout, b"all well\n", "{}: {said}", compiler.name);
        assert_eq!(said.matches("panicked at").count(), 1, "{}: {said}", compiler.name);
        assert!(said.contains("on its own"), "{}: {said}", compiler.name);
    }
}
