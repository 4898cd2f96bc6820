//! A contract that is built on another of its package: both are promised, and what changes in one is told of both.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::{Ended, edit, greeter, plugin_gen};

fn run(directory: &TempDir, words: &[&str]) -> Ended {
    plugin_gen(&directory.path().join("greeter"), words)
}

fn file(directory: &TempDir, path: &str) -> PathBuf {
    directory.path().join("greeter").join(path)
}

/// A workspace whose contract is built on another one, promised.
fn based(name: &str) -> TempDir {
    let directory = greeter(name);
    let source = file(&directory, "contract/src/lib.rs");
    let text = fs::read_to_string(&source).unwrap();
    let (before, of_trait) = text.split_once("pub trait ").expect("it has one");
    let (ident, rest) = of_trait.split_once(": Send + Sync {").expect("with these bounds");
    let base = "\n/// What has a name.\n#[plugin_contract(id = \"example.named\", version = \"1.0.0\")]\n\
        pub trait Named: Send + Sync {\n    /// It.\n    fn name(&self) -> String {\n        String::new()\n    }\n}\n";
    fs::write(&source, format!("{before}pub trait {ident}: Named {{{rest}{base}")).unwrap();
    let plugin = file(&directory, "plugin/src/lib.rs");
    let text = fs::read_to_string(&plugin).unwrap();
    let implemented =
        text.split_once(" for ").and_then(|(_, rest)| rest.split_once(' ')).expect("it implements it");
    let more = format!("\nimpl {}_contract::Named for {} {{}}\n", name, implemented.0);
    fs::write(&plugin, text + &more).unwrap();
    run(&directory, &["accept"]).code(0);
    directory
}

#[test]
fn the_lock_holds_what_a_contract_is_built_on() {
    let directory = based("built");
    let lock = fs::read_to_string(file(&directory, "contract/plugin-contract.lock")).unwrap();
    assert!(lock.contains("bases = [\"example.named\"]\n"), "{lock}");
    assert!(
        lock.contains("method.name = { since = \"1.0.0\", optional = true, from = \"example.named\", sig"),
        "{lock}"
    );
    run(&directory, &["check"]).code(0).says(&["Checked 2 contracts of 1 packages: as promised"]);
    run(&directory, &["build"]).code(0);
    run(&directory, &["generate", "json-schema", "-p", "built-contract"]).code(0);
    let schema = fs::read_to_string(file(&directory, "contract/schema/example.built.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let text = schema.to_string();
    assert!(text.contains("\"name\"") && text.contains("greet"), "{schema:#}");
}

#[test]
fn what_changes_in_a_base_is_told_of_both_and_accepted_of_both() {
    let directory = based("told");
    let source = file(&directory, "contract/src/lib.rs");
    edit(&source, "fn name(&self) -> String {\n        String::new()", "fn name(&self) -> u64 {\n        0");
    let short = run(&directory, &["check", "--message-format", "short"]).code(1).stdout;
    assert_eq!(short.matches("error[PC005]").count(), 2, "{short}");
    let refused = run(&directory, &["accept", "--why", "numbers"]).code(1);
    refused.says(&["`example.named` is at 1.0.0", "`example.told` is at 1.0.0"]);
    run(&directory, &["accept", "--bump", "major", "--why", "numbers"]).code(0);
    run(&directory, &["check"]).code(0);
    let lock = fs::read_to_string(file(&directory, "contract/plugin-contract.lock")).unwrap();
    assert_eq!(lock.matches("version = \"2.0.0\"").count(), 2, "{lock}");
}

#[test]
fn a_base_that_is_gone_is_told_as_such() {
    let directory = based("alone");
    let source = file(&directory, "contract/src/lib.rs");
    edit(&source, ": Named {", ": Send + Sync {");
    let short = run(&directory, &["check", "--message-format", "short"]).code(1).stdout;
    assert!(
        short.contains(
            "error[PC014]: the contracts that it is built on changed: was `example.named`, is `no contract`"
        ),
        "{short}"
    );
    assert!(short.contains("error[PC001]: method `name` was removed"), "{short}");
}
