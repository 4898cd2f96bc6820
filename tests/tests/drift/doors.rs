//! The doors beside the macros: a build script and a unit test, which see what compiles all the same.

use std::process::Output;

use plugin_tests::package::Package;

use super::{SOURCE, edited, package, promised};

/// The package with this source, and a build script and a unit test that ask.
fn asking(source: &str, build: Option<&str>) -> Package {
    let package = package(source, &promised());
    let root = plugin_tests::root().display().to_string();
    let manifest = std::fs::read_to_string(package.directory().join("Cargo.toml")).expect("it was written");
    let generator = format!(
        "plugin-gen = {{ path = \"{root}/plugin-gen\", default-features = false, features = [\"build\"] }}"
    );
    let tables =
        format!("\n[dev-dependencies]\n{generator}\n\n[build-dependencies]\n{generator}\n\n[workspace]");
    package.write("Cargo.toml", &manifest.replace("\n[workspace]", &tables));
    package.write(
        "tests/locked.rs",
        "#[test]\nfn contracts_are_locked() {\n    plugin_gen::assert_contracts_locked!();\n}\n",
    );
    if let Some(build) = build {
        package.write("build.rs", &format!("fn main() {{\n    {build}\n}}\n"));
    }
    package
}

fn run(package: &Package, words: &[&str]) -> (bool, String) {
    let Output { status, stdout, stderr } =
        package.cargo(words[0]).args(&words[1..]).output().expect("cargo starts");
    (status.success(), String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr))
}

#[test]
fn a_unit_test_fails_for_what_compiles_and_is_not_promised() {
    let package = asking(SOURCE, None);
    let (passed, text) = run(&package, &["test", "--test", "locked"]);
    assert!(passed, "{text}");
    // An added method with a default body compiles, and nobody has promised it.
    let added = edited(
        "    fn clear(&self);",
        "    fn clear(&self);\n    fn purge(&self) -> bool {\n        false\n    }",
    );
    package.write("src/lib.rs", &added);
    let (passed, text) = run(&package, &["test", "--test", "locked"]);
    assert!(!passed && text.contains("[PC010]") && text.contains("src/lib.rs:"), "{text}");
    assert!(text.contains("[PC203]") && text.contains("needs 1.2.0"), "{text}");
    // Another id compiles too.
    package.write("src/lib.rs", &edited("acme.store", "acme.shop"));
    let (passed, text) = run(&package, &["test", "--test", "locked"]);
    assert!(!passed && text.contains("[PC201]"), "{text}");
}

#[test]
fn a_build_script_says_what_the_macros_say_by_file_line_and_column() {
    let package = asking(SOURCE, Some("let _ = plugin_gen::Build::new().check();"));
    let (built, text) = run(&package, &["check"]);
    assert!(built, "{text}");
    let drifted = edited("value: &[u8]", "value: &[u16]");
    package.write("src/lib.rs", &drifted);
    let (built, text) = run(&package, &["check"]);
    let line = 1 + drifted[..drifted.find("&[u16]").expect("it was edited")].matches('\n').count();
    let place = format!("src/lib.rs:{line}:");
    assert!(!built && text.contains(&place) && text.contains("[PC003]"), "{place} is not in {text}");
    // The lock alone is enough to be asked again.
    package.write("src/lib.rs", SOURCE);
    assert!(run(&package, &["check"]).0);
    package.write("plugin-contract.lock", &promised().replace("deep: bool) -> u64", "deep: bool) -> u32"));
    let (built, text) = run(&package, &["check"]);
    assert!(!built && text.contains("was `u32`, is `u64`"), "{text}");
}

#[test]
fn a_build_script_checks_one_file_where_one_is_named() {
    let script = "let _ = plugin_gen::Build::new().source(\"src/lib.rs\").check();";
    let package = asking(&edited("size(&self", "size(&mut self"), Some(script));
    let (built, text) = run(&package, &["check"]);
    assert!(!built && text.contains("[PC006]"), "{text}");
}

#[test]
fn a_lock_that_cannot_be_read_fails_the_build_with_its_line() {
    let package = asking(SOURCE, Some("let _ = plugin_gen::Build::new().check();"));
    package.write("plugin-contract.lock", &promised().replace("abi = 3", "abi = 3\n<<<<<<< ours"));
    let (built, text) = run(&package, &["check"]);
    assert!(!built && text.contains(": plugin-contract.lock: [PC204] line 4"), "{text}");
}
