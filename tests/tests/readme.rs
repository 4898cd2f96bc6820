//! The README says what is true: its code is what `init` writes, and that is compiled and run by the tests of the command
//! line; its example of what may grow is compiled here; its commands are run by `.ci/run`.

use std::fs;

use plugin_tests::package::{Package, rendered};
use plugin_tests::root;

/// The blocks of the README that begin with this fence.
fn blocks(fence: &str) -> Vec<String> {
    let readme = fs::read_to_string(root().join("README.md")).expect("there is a README");
    let opening = format!("```{fence}\n");
    readme.split(&opening).skip(1).filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect()
}

#[test]
fn the_code_is_what_init_writes() {
    let blocks = blocks("rust");
    for file in ["contract.rs", "plugin.rs", "host.rs"] {
        let template =
            fs::read_to_string(root().join("plugin-gen/src/cli/init").join(file)).expect("the template");
        let written = template.replace("@name@", "greeter").replace("@ident@", "greeter");
        assert!(blocks.contains(&written), "{file} stands otherwise in the README:\n{written}");
    }
}

#[test]
fn the_example_of_what_may_grow_compiles() {
    let blocks = blocks("rust");
    let example = blocks.iter().find(|block| block.contains("#[plugin(open)]")).expect("there is one");
    let package = Package::new("grows", "2024", "plugin-contracts = { path = \"ROOT/contracts\" }");
    package
        .write("src/lib.rs", &format!("use plugin_contracts::{{PluginType, plugin_contract}};\n\n{example}"));
    let said = package.check();
    assert!(said.is_empty(), "{}", rendered(&said));
}

#[test]
fn the_example_of_what_is_handed_over_compiles() {
    let blocks = blocks("rust");
    let example = blocks.iter().find(|block| block.contains("dyn FnMut")).expect("there is one");
    let package = Package::new(
        "hands",
        "2024",
        "plugin-contracts = { path = \"ROOT/contracts\", features = [\"runtime\"] }",
    );
    let uses = "use plugin_contracts::plugin_contract;\nuse plugin_contracts::runtime::Runtime;\nuse std::sync::Arc;";
    package.write("src/lib.rs", &format!("{uses}\n\n{example}"));
    let said = package.check();
    assert!(said.is_empty(), "{}", rendered(&said));
}

#[test]
fn there_are_two_commands_and_ci_runs_them() {
    let commands = blocks("sh");
    assert!(commands[0].contains("import . ") && commands[0].contains("verify ."), "{commands:?}");
    assert_eq!(commands[1], "cargo test --workspace\n");
    let ci = fs::read_to_string(root().join(".ci/run")).expect("there is a .ci/run");
    assert!(ci.contains("readme 1") && ci.contains("readme 2"));
}

#[test]
fn every_page_that_is_linked_is_there() {
    for page in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/c.md"] {
        let path = root().join(page);
        let text = fs::read_to_string(&path).expect(page);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(
                target.starts_with("http") || path.with_file_name(target).exists(),
                "{page} links {target}"
            );
        }
    }
}
