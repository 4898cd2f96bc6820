//! From nothing to a drifted contract and back.

use std::fs;

use crate::{edit, greeter, plugin_gen};

#[test]
fn a_new_workspace_builds_runs_and_keeps_its_promise() {
    let directory = greeter("road");
    let workspace = directory.path().join("greeter");
    let run = |words: &[&str]| plugin_gen(&workspace, words);

    // It runs, with the word that cargo puts first and without it.
    let hello = "Ok(\"Hello, Ada!\") Err(NoName)\n";
    let ran = run(&["plugin-gen", "run", "-p", "road-host"]).code(0);
    assert_eq!(ran.stdout, hello, "{ran:#?}");
    assert_eq!(run(&["run"]).code(0).stdout, hello, "the only host needs no name");

    // A contract that is not in the lock is shown; once accepted, there is nothing to show.
    run(&["diff"]).code(1).says(&[
        "+[contract.\"example.road\"]",
        "+method.greet",
        "accept -p road-contract",
    ]);
    run(&["accept"]).code(0).says(&["Accepted `example.road` in contract/plugin-contract.lock"]);
    let diff = run(&["diff"]).code(0);
    assert_eq!(diff.stdout, "", "{diff:#?}");
    run(&["accept"]).code(0).says(&["Unchanged"]);
    run(&["run"]).code(0);

    // It drifts: it does not compile, on the word that changed.
    let contract = workspace.join("contract/src/lib.rs");
    edit(&contract, "name: &str) ->", "name: String) ->");
    edit(&workspace.join("plugin/src/lib.rs"), "name: &str) ->", "name: String) ->");
    run(&["build"]).code(101).says(&[
        "[PC003]",
        "was `&str`, is `String`",
        "name: String",
        "the packages do not build",
    ]);
    run(&["diff"]).code(1).says(&[
        "error[PC003]: type of argument `name` of `greet` changed (breaking: needs 2.0.0)",
        "was `&str` in example.road 1.0.0",
        "-method.greet",
        "+method.greet",
    ]);

    // It is not accepted in passing, and nothing is written.
    let lock = workspace.join("contract/plugin-contract.lock");
    let before = fs::read_to_string(&lock).unwrap();
    run(&["accept"]).code(1).says(&["error[PC003]", "--why"]);
    assert_eq!(fs::read_to_string(&lock).unwrap(), before);

    // A reason alone does not do: built plugins tell by the version. An empty one is none.
    run(&["accept", "--why", ""]).code(2);
    run(&["accept", "--why", "moved"]).code(1).says(&["[PC203]: `example.road` is at 1.0.0", "needs 2.0.0"]);
    assert_eq!(fs::read_to_string(&lock).unwrap(), before);

    // With both it is, though the plugin does not fit yet, and the reason is kept.
    edit(&contract, "version = \"1.0.0\"", "version = \"2.0.0\"");
    edit(&workspace.join("plugin/src/lib.rs"), "name: String) ->", "name: &str) ->");
    run(&["accept", "--why", "names are \"moved\" now"])
        .code(0)
        .says(&["`road-plugin` does not build and is left out"]);
    edit(&workspace.join("plugin/src/lib.rs"), "name: &str) ->", "name: String) ->");
    let after = fs::read_to_string(&lock).unwrap();
    assert!(after.contains("[[accepted]]\nrule = \"PC003\"\nitem = \"example.road.greet\""), "{after}");
    assert!(after.contains("why = \"names are \\\"moved\\\" now\""), "{after}");
    run(&["build"]).code(0).says(&["road-plugin", "example.road 2.0.0"]);
}

#[test]
fn an_additive_change_needs_no_reason_and_a_half_merged_lock_is_named() {
    let directory = greeter("additive");
    let workspace = directory.path().join("greeter");
    let run = |words: &[&str]| plugin_gen(&workspace, words);
    run(&["accept"]).code(0);

    let contract = workspace.join("contract/src/lib.rs");
    edit(&contract, "version = \"1.0.0\"", "version = \"1.1.0\"");
    let added =
        "    /// How many were greeted.\n    #[since(\"1.1.0\")]\n    fn greeted(&self) -> u64 { 0 }\n}\n";
    let text = fs::read_to_string(&contract).unwrap();
    let end = text.rfind('}').unwrap();
    fs::write(&contract, format!("{}{added}", &text[..end])).unwrap();
    run(&["diff"]).code(1).says(&["error[PC010]: method `greeted`", "optional = true"]);
    run(&["accept"]).code(0);
    run(&["diff"]).code(0);

    let lock = workspace.join("contract/plugin-contract.lock");
    let promised = fs::read_to_string(&lock).unwrap();
    edit(&lock, "-> u64", "-> u32");
    run(&["check"]).code(1).says(&[
        "error[PC204]: the lock's signature of `greeted` was edited: the fingerprint beside it is of another",
        "restore the lock from git",
    ]);
    fs::write(&lock, promised).unwrap();

    edit(&lock, "lock = 1\n", "lock = 1\n<<<<<<< ours\n");
    run(&["diff"]).code(1).says(&["error[PC204]: contract/plugin-contract.lock: line 3", "conflict markers"]);
    run(&["accept"]).code(101).says(&["[PC204] contract/plugin-contract.lock: line 3"]);
}
