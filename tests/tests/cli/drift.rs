//! What `check`, `diff`, `accept` and `explain` say of one drift, to people and to programs.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Ended, edit, greeter, plugin_gen};

/// A workspace whose contract is promised, with a runner.
fn promised(name: &str) -> TempDir {
    let directory = greeter(name);
    run(&directory, &["accept"]).code(0);
    directory
}

fn run(directory: &TempDir, words: &[&str]) -> Ended {
    plugin_gen(&directory.path().join("greeter"), words)
}

fn contract(directory: &TempDir) -> std::path::PathBuf {
    directory.path().join("greeter/contract/src/lib.rs")
}

/// Takes a `String` where a `&str` was promised.
fn drift(directory: &TempDir) {
    edit(&contract(directory), "name: &str) ->", "name: String) ->");
    edit(&directory.path().join("greeter/plugin/src/lib.rs"), "name: &str) ->", "name: String) ->");
}

#[test]
fn what_is_not_promised_is_not_called_a_break() {
    let directory = greeter("unpromised");
    run(&directory, &["check"]).code(1).says(&["error[PC207]", "^ not in the lock"]);
    let source = contract(&directory);
    let text = fs::read_to_string(&source).unwrap();
    let end = text.rfind('}').expect("the trait ends");
    let more =
        format!("{}\n    /// More.\n    fn more(&self) -> u64 {{\n        7\n    }}\n}}\n", &text[..end]);
    fs::write(&source, more).unwrap();
    run(&directory, &["accept"]).code(0);
    // A plugin that has it still fits; that a plugin without it fits an older host, nobody promised.
    fs::write(&source, text).unwrap();
    run(&directory, &["check"])
        .code(1)
        .says(&["error[PC001]: method `more` was removed (breaks only what was not promised: needs 1.1.0)"]);
}

#[test]
fn check_points_at_the_word_and_names_the_one_command_that_cures() {
    let directory = promised("pointed");
    run(&directory, &["check"]).code(0).says(&["Checked 1 contracts of 1 packages: as promised"]);
    drift(&directory);
    let lock = directory.path().join("greeter/contract/plugin-contract.lock");
    let before = fs::read_to_string(&lock).unwrap();
    let said = run(&directory, &["check"]).code(1);
    assert_eq!(said.stdout, "", "for people everything goes to stderr: {said:#?}");
    insta::assert_snapshot!("check_human", said.stderr);
    assert_eq!(fs::read_to_string(&lock).unwrap(), before, "check writes nothing");

    // The command that it names does it.
    let cure = "cargo plugin-gen accept -p pointed-contract --bump major --why";
    assert!(said.stderr.contains(cure), "{said:#?}");
    let accepted =
        run(&directory, &["accept", "-p", "pointed-contract", "--bump", "major", "--why", "names move"]);
    accepted.code(0).says(&["Raised `example.pointed` to 2.0.0", "Accepted `example.pointed`"]);
    run(&directory, &["check"]).code(0);
}

#[test]
fn check_speaks_to_editors_programs_and_code_scanning() {
    let directory = promised("spoken");
    drift(&directory);
    let format = |name: &str| run(&directory, &["check", "--message-format", name]).code(1).stdout;

    let short = format("short");
    let first = short.lines().next().unwrap_or_default();
    assert!(
        first.starts_with("contract/src/lib.rs:") && first.contains(": error[PC003]: type of argument"),
        "{short}"
    );

    let github = format("github");
    assert!(github.starts_with("::error file=contract/src/lib.rs,line="), "{github}");
    assert!(github.lines().all(|line| line.starts_with("::error ")), "one command a line: {github}");

    let json: Value = serde_json::from_str(&format("json")).expect("it is JSON");
    let package = &json["packages"][0];
    assert_eq!(package["state"], "differs");
    let finding = &package["findings"][0];
    assert_eq!(finding["rule"], "PC003");
    assert_eq!((&finding["was"], &finding["is"]), (&"&str".into(), &"String".into()));
    assert_eq!(finding["needs"], "2.0.0");
    let bytes = |at: usize| finding["place"]["bytes"][at].as_u64().unwrap() as usize;
    let source = fs::read_to_string(contract(&directory)).unwrap();
    assert_eq!(&source[bytes(0)..bytes(1)], "String");

    let sarif: Value = serde_json::from_str(&format("sarif")).expect("it is JSON");
    // One of its patterns has a bracket too many to be a regular expression.
    let schema = include_str!("../../data/sarif-2.1.0.schema.json").replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&schema).expect("so is the schema");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let errors: Vec<_> = validator.iter_errors(&sarif).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let results = sarif["runs"][0]["results"].as_array().expect("there are results");
    assert_eq!(results[0]["ruleId"], "PC003");
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().expect("there are rules");
    let index = results[0]["ruleIndex"].as_u64().unwrap() as usize;
    assert_eq!(rules[index]["id"], "PC003");
}

#[test]
fn a_package_that_does_not_build_shows_what_its_words_prove() {
    let directory = promised("unbuilt");
    edit(&contract(&directory), "name: &str) ->", "name: String) ->");
    let text = fs::read_to_string(contract(&directory)).unwrap();
    fs::write(contract(&directory), text + "\nconst BROKEN: u8 = \"no number\";\n").unwrap();
    run(&directory, &["check"]).code(1).says(&["error[PC003]", "does not build", "mismatched types"]);
}

#[test]
fn one_item_is_accepted_and_the_rest_stays_promised() {
    let directory = promised("itemized");
    let source = contract(&directory);
    drift(&directory);
    let text = fs::read_to_string(&source).unwrap();
    let end = text.rfind('}').unwrap();
    let added = "    /// How many were greeted.\n    fn greeted(&self) -> u64 { 0 }\n}\n";
    fs::write(&source, format!("{}{added}", &text[..end])).unwrap();
    let absent = run(&directory, &["accept", "--item", "example.itemized.nothing"]).code(2);
    absent.says(&["does not differ from the lock", "`example.itemized.greet`", "`example.itemized.greeted`"]);
    run(&directory, &["accept", "--item", "example.itemized.greeted", "--bump", "minor"]).code(0);
    // What was not accepted is still drift.
    let short = run(&directory, &["check", "--message-format", "short"]).code(1).stdout;
    assert!(short.contains("PC003") && !short.contains("PC010"), "{short}");
    let lock = fs::read_to_string(directory.path().join("greeter/contract/plugin-contract.lock")).unwrap();
    assert!(lock.contains("method.greeted = ") && lock.contains("name: &str"), "{lock}");
}

#[test]
fn a_version_that_does_not_say_enough_is_refused_and_a_step_back_too() {
    let directory = promised("stepped");
    drift(&directory);
    let before = fs::read_to_string(contract(&directory)).unwrap();
    let refused = run(&directory, &["accept", "--bump", "minor", "--why", "small"]).code(1);
    refused.says(&["error[PC203]", "needs 2.0.0"]);
    assert_eq!(fs::read_to_string(contract(&directory)).unwrap(), before, "a refusal writes nothing");
    edit(&contract(&directory), "name: String) ->", "name: &str) ->");
    edit(&contract(&directory), "version = \"1.0.0\"", "version = \"0.9.0\"");
    run(&directory, &["check"]).code(1).says(&[
        "error[PC203]",
        "version of `example.stepped` went back",
        "write `version = \"1.0.0\"`: what",
    ]);
    // Raised, and nothing else: it only has to be promised.
    edit(&contract(&directory), "version = \"0.9.0\"", "version = \"1.0.1\"");
    run(&directory, &["check"]).code(1).says(&["is at 1.0.1, and the lock still promises 1.0.0"]);
    run(&directory, &["accept"]).code(0);
    run(&directory, &["check"]).code(0);
}

#[test]
fn a_wider_promise_asks_for_a_larger_step() {
    let directory = promised("promising");
    let added = "    /// How many were greeted.\n    fn greeted(&self) -> u64;\n}\n";
    let text = fs::read_to_string(contract(&directory)).unwrap();
    let end = text.rfind('}').unwrap();
    fs::write(contract(&directory), format!("{}{added}", &text[..end])).unwrap();
    // New plugins in old hosts do not miss it, and that is all that is promised now.
    edit(&directory.path().join("greeter/contract/plugin-contract.lock"), "\"backward\"", "\"forward\"");
    run(&directory, &["accept", "--bump", "minor", "--why", "counted"]).code(0);
    run(&directory, &["accept", "--compat", "full"]).code(0);
    let lock = fs::read_to_string(directory.path().join("greeter/contract/plugin-contract.lock")).unwrap();
    assert!(lock.contains("compat = \"full\""), "{lock}");
}

#[test]
fn diff_goes_back_to_any_revision() {
    let directory = promised("dated");
    let workspace = directory.path().join("greeter");
    git(&workspace, &["init", "--quiet"]);
    fs::write(workspace.join(".gitignore"), "target\n").unwrap();
    git(&workspace, &["add", "."]);
    git(&workspace, &["commit", "--quiet", "-m", "promised"]);
    git(&workspace, &["tag", "v1"]);
    drift(&directory);
    run(&directory, &["accept", "--bump", "major", "--why", "moved"]).code(0);
    run(&directory, &["diff"]).code(0);
    run(&directory, &["diff", "--against", "v1"]).code(1).says(&["error[PC003]", "-version = \"1.0.0\""]);
    run(&directory, &["diff", "--against", "v9"]).code(2).says(&["--against v9: no such revision"]);
    run(&directory, &["diff", "--against", "--output=x"]).code(2);
}

#[test]
fn a_contract_that_is_gone_or_new_or_another_is_found() {
    let directory = promised("lost");
    edit(&contract(&directory), "example.lost", "example.found");
    let said = run(&directory, &["check"]).code(1);
    assert!(!said.stderr.contains("PC207"), "one change is one finding: {said:#?}");
    said.says(&["error[PC201]", "changed its id: was `example.lost`, is `example.found`"]);
    // A promise is not taken back in passing.
    run(&directory, &["accept"]).code(1).says(&["error[PC201]", "--why"]);
    run(&directory, &["accept", "--why", "another name"]).code(0);
    run(&directory, &["check"]).code(0);
}

#[test]
fn an_accepted_entry_that_outlived_its_contract_is_stale() {
    let directory = promised("outlived");
    let lock = directory.path().join("greeter/contract/plugin-contract.lock");
    let text = fs::read_to_string(&lock).unwrap();
    let entry =
        "\n[[accepted]]\nrule = \"PC001\"\nitem = \"example.other.purge\"\nto = \"1.0.0\"\nwhy = \"gone\"\n";
    fs::write(&lock, text.clone() + entry).unwrap();
    run(&directory, &["check"]).code(1).says(&["error[PC208]", "`example.other.purge`"]);
    run(&directory, &["accept"]).code(0);
    assert_eq!(fs::read_to_string(&lock).unwrap(), text);
}

#[test]
fn a_lock_of_another_interface_asks_to_build_everything_again() {
    let directory = promised("rebuilt");
    edit(&directory.path().join("greeter/contract/plugin-contract.lock"), "abi = 3\n", "abi = 2\n");
    run(&directory, &["check"]).code(1).says(&["error[PC202]"]);
    run(&directory, &["accept", "--why", "built again"]).code(0);
    run(&directory, &["check"]).code(0);
}

#[test]
fn a_lock_that_would_not_be_packed_is_warned_of() {
    let directory = promised("packed");
    let manifest = directory.path().join("greeter/contract/Cargo.toml");
    edit(&manifest, "[package]\n", "[package]\ninclude = [\"src/**\"]\n");
    run(&directory, &["check"]).code(0).says(&["warning", "leaves plugin-contract.lock out"]);
    edit(&manifest, "\"src/**\"", "\"src/**\", \"plugin-contract.lock\"");
    let said = run(&directory, &["check"]).code(0);
    assert!(!said.stderr.contains("warning"), "{said:#?}");
}

#[test]
fn every_code_is_explained() {
    let directory = tempfile::tempdir().unwrap();
    let listed = plugin_gen(directory.path(), &["explain"]).code(0).stdout;
    assert!(listed.lines().count() > 70, "{listed}");
    for line in listed.lines() {
        let code = line.split_whitespace().next().unwrap_or_default();
        let text = plugin_gen(directory.path(), &["explain", code]).code(0).stdout;
        assert!(
            text.starts_with(&format!("# {code}: ")) && text.lines().count() > 5,
            "{code} is not explained: {text}"
        );
    }
    plugin_gen(directory.path(), &["explain", "pc003"]).code(0).says(&["# PC003"]);
    plugin_gen(directory.path(), &["explain", "PC999"]).code(2).says(&["there is no code `PC999`"]);
    plugin_gen(directory.path(), &["explain", "executable-stack"]).code(0).says(&["Level: error."]);
}

#[test]
fn shells_and_man_know_every_command() {
    let directory = tempfile::tempdir().unwrap();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let text = plugin_gen(directory.path(), &["completions", shell]).code(0).stdout;
        assert!(text.contains("accept") && text.contains("message-format"), "{shell}: {text}");
    }
    plugin_gen(directory.path(), &["man"]).code(0).says(&[".TH"]);
    plugin_gen(directory.path(), &["man", "--dir", "pages"]).code(0);
    let pages: Vec<_> =
        fs::read_dir(directory.path().join("pages")).unwrap().map(|page| page.unwrap().file_name()).collect();
    assert!(pages.iter().any(|page| page == "cargo-plugin-gen-check.1"), "{pages:?}");
}

fn git(directory: &Path, words: &[&str]) {
    let identity =
        ["-c", "user.name=test", "-c", "user.email=test@example.invalid", "-c", "commit.gpgsign=false"];
    let status = Command::new("git").arg("-C").arg(directory).args(identity).args(words).status();
    assert!(status.expect("git starts").success(), "git {words:?}");
}

#[test]
fn a_build_script_that_checks_does_not_keep_its_own_cure_away() {
    let directory = promised("guarded");
    let package = directory.path().join("greeter/contract");
    let build =
        "fn main() -> Result<(), plugin_gen::BuildError> {\n    plugin_gen::Build::new().check()\n}\n";
    fs::write(package.join("build.rs"), build).unwrap();
    let plugin_gen = plugin_tests::root().join("plugin-gen");
    let manifest = fs::read_to_string(package.join("Cargo.toml")).unwrap();
    let on = format!("\n[build-dependencies]\nplugin-gen = {{ path = \"{}\" }}\n", plugin_gen.display());
    fs::write(package.join("Cargo.toml"), manifest + &on).unwrap();
    let text = fs::read_to_string(contract(&directory)).unwrap();
    let end = text.rfind('}').unwrap();
    let added = "    /// How many were greeted.\n    fn greeted(&self) -> u64 { 0 }\n}\n";
    fs::write(contract(&directory), format!("{}{added}", &text[..end])).unwrap();
    run(&directory, &["check"]).code(1).says(&["PC010", "accept -p guarded-contract --bump minor"]);
    run(&directory, &["accept", "--bump", "minor"]).code(0).says(&["Raised `example.guarded` to 1.1.0"]);
    run(&directory, &["check"]).code(0);
}

#[test]
fn contracts_that_do_not_build_are_no_promise_that_is_kept() {
    let directory = greeter("broken");
    let text = fs::read_to_string(contract(&directory)).unwrap();
    fs::write(contract(&directory), format!("{text}\nconst BROKEN: u8 = \"no number\";\n")).unwrap();
    for command in ["check", "diff"] {
        run(&directory, &[command]).code(1).says(&["package `broken-contract` does not build"]);
    }
    run(&directory, &["accept"]).code(101).says(&["package `broken-contract` does not build"]);
    run(&directory, &["list"]).code(1).says(&["package `broken-contract` does not build and is left out"]);
    // Nobody can read it, either.
    fs::write(contract(&directory), format!("{text}\n}}\n")).unwrap();
    run(&directory, &["check"]).code(1).says(&["package `broken-contract` does not build"]);
}

#[test]
fn a_contract_behind_a_feature_stays_promised_where_it_is_not_compiled() {
    let directory = greeter("hidden");
    let manifest = directory.path().join("greeter/contract/Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text + "\n[features]\nmore = []\n").unwrap();
    let text = fs::read_to_string(contract(&directory)).unwrap();
    let more = "
/// What only the other knows.
#[cfg(feature = \"more\")]
#[derive(plugin_contracts::PluginType)]
pub struct More(pub u64);

/// Behind a feature.
#[cfg(feature = \"more\")]
#[plugin_contract(id = \"example.hidden.more\", version = \"1.0.0\")]
pub trait Others: Send + Sync {
    /// More.
    fn more(&self) -> More;
}
";
    fs::write(contract(&directory), text + more).unwrap();
    let features = "--features=hidden-contract/more";
    run(&directory, &["accept", features]).code(0);
    run(&directory, &["check", features]).code(0).says(&["Checked 2 contracts"]);
    let lock = directory.path().join("greeter/contract/plugin-contract.lock");
    let before = fs::read_to_string(&lock).unwrap();
    let said =
        ["contract `example.hidden.more`", "contract/src/lib.rs and was not compiled", "--all-features"];
    for command in ["check", "diff", "accept"] {
        run(&directory, &[command]).code(0).says(&said);
    }
    assert_eq!(fs::read_to_string(&lock).unwrap(), before);
    // What is not written any more is gone.
    let text = fs::read_to_string(contract(&directory)).unwrap();
    fs::write(contract(&directory), text.replace(more, "")).unwrap();
    let gone = run(&directory, &["check"]).code(1);
    gone.says(&["[PC201]", "`example.hidden.more` is gone", "accept -p hidden-contract --why"]);
    run(&directory, &["accept", "-p", "hidden-contract", "--why", "nobody used it"]).code(0);
    run(&directory, &["check"]).code(0);
}

#[test]
fn contracts_that_are_all_unlocked_ask_for_no_lock() {
    let directory = greeter("loose");
    edit(&contract(&directory), "version = \"1.0.0\"", "version = \"1.0.0\", unlocked");
    let said = run(&directory, &["check"]).code(0);
    assert!(
        !said.stderr.contains("plugin-gen accept") && !said.stderr.contains("as it would be"),
        "{said:#?}"
    );
}
