//! The example `calculator`, by the commands of its own README: a C plugin in a Rust host, a Rust plugin in a C host.

use std::fs;
use std::process::Command;

use plugin_tests::compiler::{Compiler, Language};
use plugin_tests::root;

#[test]
fn the_commands_of_the_readme_print_the_result_both_ways() {
    // The README says `cc`, which is whatever compiler the system chose.
    if Compiler::any(Language::C, "calculator").is_none() {
        return;
    }
    let readme = fs::read_to_string(root().join("examples/calculator/README.md")).unwrap();
    let blocks: Vec<_> =
        readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let printed: Vec<String> = blocks
        .iter()
        .map(|block| {
            let mut bash = Command::new("bash");
            bash.args(["-euo", "pipefail", "-c", block]).current_dir(root()).env_remove("CARGO_TARGET_DIR");
            let output = bash.output().expect("bash starts");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{block}\n{said}");
            String::from_utf8(output.stdout).unwrap()
        })
        .collect();
    assert_eq!(printed, ["", "Result: 8\nResult: 8\n", "Result: 8\nResult: 8\n"]);
}
