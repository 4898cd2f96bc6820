//! The example `calculator`, by the commands of its own README: a C plugin in a Rust host, a Rust plugin in a C host.

use std::fs;
use std::process::{Command, Output};
use std::sync::OnceLock;

use plugin_tests::compiler::{Compiler, Language, zig_in_shell};
use plugin_tests::root;

fn readme() -> String {
    fs::read_to_string(root().join("examples/calculator/README.md")).expect("the example has a README")
}

/// The blocks of the README behind this fence.
fn blocks<'a>(readme: &'a str, fence: &str) -> Vec<&'a str> {
    let rest = readme.split(&format!("```{fence}\n")).skip(1).collect::<Vec<_>>();
    rest.into_iter().filter_map(|rest| rest.split("```").next()).collect()
}

fn run(script: &str) -> Output {
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", script]).current_dir(root()).env_remove("CARGO_TARGET_DIR");
    bash.output().expect("bash starts")
}

/// What these commands print.
#[track_caller]
fn printed(script: &str) -> String {
    let output = run(script);
    assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("what is printed is text")
}

/// What the README's first block builds: the header, the hosts, the plugins in Rust and C. One of two tests does it.
fn build() {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| assert_eq!(printed(blocks(&readme(), "sh")[0]), ""));
}

#[test]
fn the_commands_of_the_readme_print_the_result_both_ways() {
    // The README says `cc`, which is whatever compiler the system chose.
    if Compiler::any(Language::C, "calculator").is_none() {
        return;
    }
    build();
    let readme = readme();
    let said: Vec<_> = blocks(&readme, "sh")[1..].iter().map(|block| printed(block)).collect();
    assert_eq!(said, ["Result: 8\nResult: 8\n", "Result: 8\nResult: 8\n"]);
}

#[test]
fn a_plugin_in_zig_is_held_to_the_contract_and_prints_the_result() {
    let Some(zig) = zig_in_shell("calculator in zig") else { return };
    if Compiler::any(Language::C, "calculator in zig").is_none() {
        return;
    }
    build();
    let readme = readme();
    let block = format!("{zig}{}", blocks(&readme, "sh zig")[0]);
    assert_eq!(printed(&block), "Result: 8\n");

    let source = "examples/calculator/plugin-zig/calculator.zig";
    let drifted = fs::read_to_string(root().join(source)).unwrap().replace("b: i32, out", "b: i64, out");
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("calculator.zig");
    // What the function itself would have to say of it is taken away: the type is what is wrong.
    fs::write(&path, drifted.replace("+% b)", "+% @as(i32, @truncate(b)))")).unwrap();
    let output = run(&block.replace(source, &path.display().to_string()));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("calculator_add"), "{said}");
}
