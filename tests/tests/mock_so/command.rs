//! `cargo plugin-gen mock-so`: what it says, what it refuses, and that nobody takes its libraries for plugins.

use std::process::{Command, Output};

use plugin_tests::mock::{binary, mock_so};
use plugin_tests::{plugin, root};

use crate::copy;

/// Exit code, stdout and stderr of `mock-so` in the fixtures.
fn run(words: &[&str]) -> (Option<i32>, String, String) {
    ended(mock_so(&root().join("tests/fixtures"), words))
}

fn ended(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes| String::from_utf8(bytes).expect("what is printed is UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[track_caller]
fn refused(words: &[&str], says: &[&str]) {
    let (code, stdout, stderr) = run(words);
    assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
    for text in says {
        assert!(stderr.contains(text), "`{text}` is missing: {stderr}");
    }
}

#[test]
fn each_contract_of_a_package_gets_a_library() {
    let (code, stdout, stderr) = run(&["-p", "fixture-bases", "--offline"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("libmock_") && stdout.contains("mocks"), "{stdout}");
    assert!(stderr.contains("Building a mock of `"), "{stderr}");
}

#[test]
fn programs_read_what_was_built() {
    let (code, stdout, stderr) = run(&["-p", "fixture-bases", "--offline", "--message-format", "json"]);
    assert_eq!(code, Some(0), "{stderr}");
    let said: serde_json::Value = serde_json::from_str(&stdout).expect("it is JSON");
    let mock = &said["mocks"][0];
    assert_eq!(mock["package"], "fixture-bases");
    assert!(std::path::Path::new(mock["file"].as_str().unwrap()).exists());
}

#[test]
fn what_makes_no_sense_is_refused() {
    refused(
        &["-p", "probe", "--offline"],
        &["no contract is declared in probe", "#[plugin_contract]", "`-p`"],
    );
    refused(
        &["-p", "rig", "--offline", "--contract", "fixture.nothing"],
        &["no selected package declares the contract `fixture.nothing`; there are: ", "fixture.rig"],
    );
    refused(
        &["-p", "rig", "--offline", "--trait", "rig::Rig"],
        &["`--trait` is about one contract, and there are 3", "--contract", "fixture.line"],
    );
    let rig = ["-p", "rig", "--offline", "--contract", "fixture.rig", "--trait", "rig::Rig"];
    let with = |more: &[&'static str]| [&rig, more].concat();
    refused(
        &with(&["--without", "get"]),
        &["with `--without` the library does not fit its contract", "`--out`"],
    );
    refused(
        &with(&["--without", "gat", "--out", "x.so"]),
        &["`--without`: `fixture.rig` has no method `gat`; there are: get, count"],
    );
    refused(
        &with(&["--returns", "get", "--out", "x.so"]),
        &["expected a method and a type, as in `count=String`"],
    );
    refused(&with(&["--returns", "get=)", "--out", "x.so"]), &["`)` does not read as a type"]);
    refused(&with(&["--returns", "get=let", "--out", "x.so"]), &["do not read as Rust"]);
    refused(
        &with(&["--as-version", "1.3.0", "--out", "x.so"]),
        &["`1.3.0` is later than `fixture.rig`, which is of 1.2.0"],
    );
    refused(&with(&["--as-version", "one", "--out", "x.so"]), &["`one` is no version of a contract"]);
    refused(&["-p", "nobody", "--offline"], &["no package `nobody` in this workspace"]);
}

#[test]
fn a_trait_that_is_elsewhere_is_asked_for() {
    let (code, _, stderr) = run(&["-p", "rig", "--offline", "--contract", "fixture.rig"]);
    assert_eq!(code, Some(101));
    assert!(stderr.contains("cannot find") && stderr.contains("as in `--trait storage::Rig`"), "{stderr}");
    assert!(stderr.contains("the mock of `fixture.rig` does not build"), "{stderr}");
}

#[test]
fn a_type_that_is_not_there_is_told_how_types_are_named() {
    let words = ["-p", "rig", "--offline", "--contract", "fixture.rig", "--trait", "rig::Rig"];
    let (code, _, stderr) = run(&[&words[..], &["--returns", "count=RigError", "--out", "x.so"]].concat());
    assert_eq!(code, Some(101));
    assert!(stderr.contains("a type of `--returns` is written as at the root of `rig`"), "{stderr}");
    assert!(!stderr.contains("named with `--trait`"), "{stderr}");
}

#[test]
fn a_contract_without_a_mock_is_told_what_to_add() {
    let words =
        ["-p", "fixture-contracts", "--offline", "--contract", "fixture.bomb", "--trait", "built::Bomb"];
    let (code, _, stderr) = run(&words);
    assert_eq!(code, Some(101));
    assert!(
        stderr.contains("Bomb + 'static)` has no mock")
            && stderr.contains("write `mock` in its `#[plugin_contract(…)]`"),
        "{stderr}"
    );
    assert!(stderr.contains("the mock of `fixture.bomb` does not build"), "{stderr}");
    assert!(!stderr.contains("named with `--trait`"), "it was: {stderr}");
}

#[test]
fn nobody_takes_a_mock_for_a_plugin() {
    let path = copy();
    let path = path.path();
    let plugin_gen = |words: &[&str]| ended(Command::new(binary()).args(words).arg(&path).output().unwrap());
    let (code, stdout, _) = plugin_gen(&["inspect"]);
    assert_eq!(code, Some(0));
    assert!(
        stdout.contains("mock, for tests mock_fixture_rig")
            && stdout.contains("__mock_plugin_mock_fixture_rig"),
        "{stdout}"
    );
    let (_, stdout, _) = plugin_gen(&["inspect", "--message-format", "json"]);
    let facts: serde_json::Value = serde_json::from_str(&stdout).expect("it is JSON");
    assert_eq!(facts["mock"], true);

    let (code, stdout, stderr) = plugin_gen(&["doctor"]);
    let said = stdout + &stderr;
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("warning[mock]") && said.contains("is a mock that `cargo plugin-gen mock-so` built"),
        "{said}"
    );
    assert!(!said.contains("more-exports"), "its control is no accident: {said}");
    let (code, ..) = plugin_gen(&["doctor", "--deny-warnings"]);
    assert_eq!(code, Some(1), "a release that holds one does not pass");

    let output = Command::new(binary()).arg("doctor").arg(plugin("memory")).output().unwrap();
    let (_, stdout, stderr) = ended(output);
    assert!(!(stdout + &stderr).contains("[mock]"), "a plugin is none");
}
