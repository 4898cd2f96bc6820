//! `generate c`: a header beside its contract, current or named as stale.

use std::fs;

use plugin_tests::compiler::native;
use plugin_tests::root;

use crate::{edit, greeter, plugin_gen};

#[test]
fn a_checked_in_header_is_current_or_stale() {
    let directory = greeter("headed");
    let workspace = directory.path().join("greeter");
    let run = |words: &[&str]| plugin_gen(&workspace, words);
    run(&["generate", "c", "--check", "-p", "headed-contract"])
        .code(1)
        .says(&["[PC206] contract/include/example_headed.h is missing", "generate c`"]);
    run(&["generate", "c", "-p", "headed-contract"])
        .code(0)
        .says(&["Generated contract/include/example_headed.h"]);
    run(&["generate", "c"]).code(0).says(&["Unchanged contract/include/example_headed.h"]);
    run(&["generate", "--check"]).code(0);
    run(&["accept"]).code(0);
    run(&["check"]).code(0);

    let contract = workspace.join("contract/src/lib.rs");
    edit(&contract, "name: &str) ->", "name: &str, loud: bool) ->");
    // The plugin does not fit its contract any more, and that is not the header's concern.
    let stale = run(&["generate", "--check"]).code(1);
    let stale = stale.says(&["[PC206] contract/include/example_headed.h is stale"]);
    assert!(stale.stdout.contains("+typedef example_headed_status example_headed_greet_fn("), "{stale:#?}");
    run(&["check"]).code(1).says(&["PC206", "PC004"]);
    run(&["generate", "c", "-p", "headed-contract"]).code(0).says(&["Generated"]);
    run(&["generate", "c", "-p", "headed-contract", "--check"]).code(0);
}

#[test]
fn a_header_goes_where_it_is_wanted() {
    let directory = greeter("wanted");
    let workspace = directory.path().join("greeter");
    let run = |words: &[&str]| plugin_gen(&workspace, words);
    run(&["generate", "bpf"])
        .code(0)
        .says(&["no selected contract is one that the kernel carries", "#[hook(…)]"]);
    run(&["generate", "c", "--contract", "example.wanted", "--out", "plugin/greeter.h"]).code(0);
    let text = fs::read_to_string(workspace.join("plugin/greeter.h")).unwrap();
    assert!(
        text.starts_with("/* example.wanted 1.0.0: the trait Greeter of wanted-contract 0.1.0,"),
        "{text}"
    );
    assert!(!workspace.join("contract/include").exists());
    run(&["generate", "c", "--out", "plugin/greeter.h", "--check"]).code(0);

    run(&["generate", "c", "--contract", "example.other"])
        .code(2)
        .says(&["no selected package declares the contract `example.other`"]);
    run(&["generate", "mock", "--out", "mock.rs"])
        .code(2)
        .says(&["`--contract` and `--out` choose a header"]);
    let second = "\n/// Another.\n#[plugin_contract(id = \"example.second\", version = \"1.0.0\")]\npub trait Second {}\n";
    let contract = workspace.join("contract/src/lib.rs");
    fs::write(&contract, fs::read_to_string(&contract).unwrap() + second).unwrap();
    run(&["generate", "c", "--out", "plugin/greeter.h"])
        .code(2)
        .says(&["`--out` names one file, and there are 2 contracts"]);
}

#[test]
fn a_plugin_in_c_is_told_of_by_the_words_of_c() {
    let Some(_) = native("gcc") else { return };
    let directory = tempfile::tempdir().unwrap();
    let header = directory.path().join("example_calculator.h").display().to_string();
    plugin_gen(&root(), &["generate", "c", "-p", "calculator-contract", "--out", &header]).code(0);
    let run = |words: &[&str]| plugin_gen(directory.path(), words).code(0);
    let compile = |flags: &[&str]| {
        let mut gcc = native("gcc").expect("it was here");
        gcc.args(["-O2", "-fPIC", "-shared", "-o", "it.so", "-I", "."]).args(flags);
        gcc.arg(root().join("examples/calculator/plugin-c/calculator.c")).current_dir(directory.path());
        assert!(gcc.status().expect("gcc starts").success());
    };
    compile(&[]);
    run(&["doctor", "it.so"]).says(&["note[debug-build]", "= help: compile it with `-DNDEBUG`"]);
    // The contract is locked, and a header is the same before and after.
    run(&["inspect", "it.so"]).says(&["locked or not, its header does not say"]);
    run(&["inspect", "--message-format", "json", "it.so"]).says(&["\"locked\": null"]);
    compile(&["-DNDEBUG"]);
    let shown = run(&["doctor", "it.so"]);
    assert!(!shown.stderr.contains("debug-build"), "{shown:#?}");
}
