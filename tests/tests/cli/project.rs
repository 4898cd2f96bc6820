//! Which packages are meant, and what is said when there are none.

use std::fs;

use plugin_tests::root;

use crate::{greeter, plugin_gen};

#[test]
fn a_workspace_elsewhere_is_named_by_its_manifest() {
    let directory = greeter("elsewhere");
    let manifest = directory.path().join("greeter/Cargo.toml");
    let manifest = manifest.to_str().unwrap();
    let listed =
        plugin_gen(&root(), &["list", "--manifest-path", manifest, "--message-format", "json"]).code(0);
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).expect("one JSON document");
    assert_eq!(listed["contracts"][0]["id"], "example.elsewhere");
    assert_eq!(listed["contracts"][0]["locked"], false);
    assert_eq!(listed["plugins"][0]["package"], "elsewhere-plugin");
    plugin_gen(&root(), &["list", "--manifest-path", manifest])
        .code(0)
        .says(&["not in the lock", "exports example.elsewhere"]);

    let built =
        plugin_gen(&root(), &["build", "--manifest-path", manifest, "-p", "elsewhere-plugin"]).code(0);
    let path =
        built.stdout.split_whitespace().find(|word| word.ends_with(".so")).expect("the collected plugin");
    assert!(path.ends_with("plugins/libelsewhere_plugin.so"), "{path}");
    assert!(fs::metadata(path).is_ok());

    // A plugin that the workspace has no more is named, for a host may load it; what is no plugin is nobody's business.
    let beside = |name: &str| std::path::Path::new(path).with_file_name(name);
    fs::copy(path, beside("libelsewhere_gone.so")).unwrap();
    fs::write(beside("notes.txt"), "mine").unwrap();
    let built = plugin_gen(&root(), &["build", "--manifest-path", manifest]).code(0);
    let built = built.says(&["libelsewhere_gone.so is a plugin that no package here exports"]);
    assert!(!built.stderr.contains("notes.txt"), "{built:#?}");
    fs::remove_file(beside("libelsewhere_gone.so")).unwrap();
    fs::remove_file(beside("notes.txt")).unwrap();
}

#[test]
fn a_wrong_word_is_usage_and_a_wrong_place_is_not() {
    let nowhere = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| plugin_gen(nowhere.path(), words);
    run(&["frobnicate"]).code(2).says(&["unrecognized subcommand", "Usage"]);
    run(&["list", "--message-format", "xml"]).code(2);
    run(&["list"]).code(101).says(&["could not find `Cargo.toml`"]);
    run(&["init", "Not-A-Name"]).code(2).says(&["lower-case"]);
    run(&["--help"]).code(0).says(&["inspect", "Exit codes"]);
    run(&["run", "--help"]).code(0).says(&["Examples:", "--release"]);
    run(&["--version"]).code(0);

    let directory = greeter("usage");
    let workspace = directory.path().join("greeter");
    plugin_gen(directory.path(), &["init", "--path", "greeter", "usage"]).code(2).says(&["not empty"]);
    plugin_gen(&workspace, &["list", "-p", "gretter"]).code(2).says(&["no package `gretter`", "usage-host"]);
    plugin_gen(&workspace, &["run", "-p", "usage-plugin"]).code(2).says(&["name one host", "usage-host"]);
}

#[test]
fn colours_are_for_terminals() {
    let nowhere = tempfile::tempdir().unwrap();
    let plain = plugin_gen(nowhere.path(), &["inspect", "nothing"]).code(101);
    assert!(!plain.stderr.contains('\u{1b}'), "{plain:#?}");
    let coloured = plugin_gen(nowhere.path(), &["--color", "always", "inspect", "nothing"]).code(101);
    assert!(coloured.stderr.contains('\u{1b}'), "{coloured:#?}");
}
