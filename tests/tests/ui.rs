//! What an author sees when something cannot be a contract: one case a mistake, grouped by theme.
//!
//! `TRYBUILD=overwrite cargo test -p plugin-tests --test ui` writes the expected outputs anew: read them as an author
//! would before they are committed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::diagnostic::DiagnosticLevel;
use plugin_gen::report::Code;
use plugin_tests::package::{Package, rendered, underlined};

#[test]
fn every_mistake_is_shown_at_its_place_with_what_to_write_instead() {
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}

#[test]
fn a_field_without_the_derive_is_underlined_at_its_type() {
    // rustc follows it with what the field makes of its struct, in words that change with every release: no golden.
    let package = Package::new("underived", "2024", "plugin-contracts = { path = \"ROOT/contracts\" }");
    let source =
        "pub struct Cell(u64);\n#[derive(plugin_contracts::PluginType)]\npub struct Row { pub cell: Cell }\n";
    package.write("src/lib.rs", source);
    let said = package.check();
    let first = said.iter().find(|said| said.level == DiagnosticLevel::Error).expect("it is refused");
    assert_eq!(first.message, "`Cell` cannot cross a plugin boundary");
    assert_eq!(underlined(first), "Cell");
    let advice = first.children.iter().any(|note| note.message.starts_with("derive it: `#[derive("));
    assert!(advice, "{}", rendered(&said));
}

#[test]
fn a_supertrait_that_is_no_contract_is_underlined() {
    let source = "pub trait Named { fn name(&self) -> String; }\n\
        #[plugin_contracts::plugin_contract(id = \"acme.store\", version = \"1.0.0\", unlocked)]\n\
        pub trait Store: Send + Named { fn get(&self, key: u64) -> u64; }\n";
    told(source, "`dyn Named` is not a contract", "mark the trait with");
}

#[test]
fn a_supertrait_without_a_mock_is_underlined_where_one_is_wanted() {
    let source = "#[plugin_contracts::plugin_contract(id = \"acme.named\", version = \"1.0.0\", unlocked)]\n\
        pub trait Named { fn name(&self) -> String; }\n\
        #[plugin_contracts::plugin_contract(id = \"acme.store\", version = \"1.0.0\", unlocked, mock)]\n\
        pub trait Store: Named { fn get(&self, key: u64) -> u64; }\n";
    told(source, "`(dyn Named + 'static)` has no mock", "write `mock` in its");
}

/// That this is said of `Named`, with this advice. rustc follows it with all that is asked of a contract, in words that change
/// with every release.
#[track_caller]
fn told(source: &str, message: &str, advice: &str) {
    let dependency = "plugin-contracts = { path = \"ROOT/contracts\", features = [\"mock\"] }";
    let package = Package::new("unbased", "2024", dependency);
    package.write("src/lib.rs", source);
    let said = package.check();
    let errors = || said.iter().filter(|said| said.level == DiagnosticLevel::Error);
    let told = errors().find(|said| said.message == message && underlined(said) == "Named");
    let told = told.unwrap_or_else(|| panic!("it is not told:\n{}", rendered(&said)));
    let advised = told.children.iter().any(|note| note.message.starts_with(advice));
    assert!(advised, "{}", rendered(&said));
}

#[test]
fn every_authoring_code_has_a_case() {
    let shown = outputs().values().cloned().collect::<String>();
    let authoring = Code::ALL.iter().map(Code::to_string).filter(|code| !code.starts_with("PC"));
    let missing: Vec<_> = authoring.filter(|code| !shown.contains(&format!("[{code}]"))).collect();
    assert!(missing.is_empty(), "no case in tests/ui shows {missing:?}: add one, or retire the code");
}

#[test]
fn every_refusal_of_ours_comes_with_help() {
    for (path, output) in outputs() {
        let errors = output.split("error").filter(|error| error.starts_with(": [P"));
        for error in errors {
            assert!(
                error.contains("help: "),
                "{}: nothing says what to write instead:\nerror{error}",
                path.display()
            );
        }
    }
}

/// A case that nobody compiled would have no expected output.
#[test]
fn every_case_has_its_expected_output() {
    let outputs = outputs();
    for case in files("rs") {
        assert!(outputs.contains_key(&case.with_extension("stderr")), "{} has no .stderr", case.display());
    }
    assert_eq!(files("rs").len(), outputs.len(), "an expected output without a case is left over");
}

/// The expected outputs by path.
fn outputs() -> BTreeMap<PathBuf, String> {
    files("stderr")
        .into_iter()
        .map(|path| (path.clone(), fs::read_to_string(&path).expect("it was just listed")))
        .collect()
}

fn files(extension: &str) -> Vec<PathBuf> {
    let themes =
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")).expect("the cases are there");
    let files = themes.flat_map(|theme| {
        let theme = theme.expect("a theme can be read").path();
        fs::read_dir(theme).expect("a theme is a folder").map(|file| file.expect("a case can be read").path())
    });
    files.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}
