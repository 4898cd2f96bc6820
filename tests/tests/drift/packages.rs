//! Whose types and contracts a lock speaks of: those of its package's library, and of no other target or package.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::SystemTime;

use plugin_gen::lock::Lock;
use plugin_tests::package::{Package, rendered, underlined};

use super::{MEMORY, SOURCE, edited, edited_text, package, promise, promised, shop, store};

/// A type that has the name of one that is locked, and nothing else in common with it.
const NAMESAKE: &str = "
    #[derive(plugin_contracts::PluginType)]
    pub struct Row { pub height: f64 }

    #[plugin_contracts::plugin_contract(id = \"test.rows\", version = \"1.0.0\")]
    pub trait Rows { fn first(&self) -> Row; }
";

/// The library of a package that another depends on.
pub(crate) fn below(package: &Package, name: &str, source: &str) {
    let root = plugin_tests::root().display().to_string();
    package.write(
        &format!("{name}/Cargo.toml"),
        &format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nplugin-contracts = {{ path = \"{root}/contracts\" }}\n"
        ),
    );
    package.write(&format!("{name}/src/lib.rs"), source);
}

/// A package above a library of this name in its own directory.
pub(crate) fn above(name: &str, source: &str, lock: &str) -> Package {
    let dependencies =
        format!("plugin-contracts = {{ path = \"ROOT/contracts\" }}\n{name} = {{ path = \"{name}\" }}");
    let package = Package::new("above", "2024", &dependencies);
    package.write("src/lib.rs", source);
    package.write("plugin-contract.lock", lock);
    package
}

#[test]
fn a_type_of_another_target_is_not_the_one_of_the_library() {
    let package = package(SOURCE, &promised());
    for path in ["src/main.rs", "src/bin/other.rs", "examples/shown.rs", "tests/tried.rs", "benches/timed.rs"]
    {
        package.write(path, &format!("{NAMESAKE}\nfn main() {{}}\n"));
    }
    let mut cargo = package.cargo("check");
    cargo.arg("--all-targets");
    let said = package.diagnostics(cargo);
    let errors: Vec<_> = said.into_iter().filter(|said| said.message.contains("[P")).collect();
    assert!(errors.is_empty(), "{}", rendered(&errors));
}

#[test]
fn a_type_of_a_unit_test_is_not_the_one_of_the_library() {
    let tested = format!("{SOURCE}\n#[cfg(test)]\nmod tests {{\n{NAMESAKE}\n}}\n");
    let package = package(&tested, &promised());
    let mut cargo = package.cargo("check");
    cargo.arg("--all-targets");
    let said = package.diagnostics(cargo);
    let errors: Vec<_> = said.into_iter().filter(|said| said.message.contains("[P")).collect();
    assert!(errors.is_empty(), "{}", rendered(&errors));
    // What the contract reaches is asked for there too.
    package.write("src/lib.rs", &edited_text(&tested, "cells: Vec<String>", "cells: Vec<u8>"));
    let mut cargo = package.cargo("test");
    cargo.args(["--lib", "--no-run"]);
    let said = package.diagnostics(cargo);
    assert!(said.iter().any(|said| said.message.contains("[PC108]")), "{}", rendered(&said));
}

#[test]
fn a_type_of_a_doctest_is_not_the_one_of_the_library() {
    let documented = format!(
        "//! ```\n{}//! # fn main() {{}}\n//! ```\n",
        NAMESAKE.trim_start().lines().fold(String::new(), |text, line| text + "//! " + line + "\n",)
    );
    let package = package(&(documented + SOURCE), &promised());
    let output = package.cargo("test").arg("--doc").output().expect("cargo starts");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[test]
fn a_type_of_another_package_that_changed_is_named_where_it_crosses() {
    let name = "drift-shapes";
    let shapes = "#[derive(plugin_contracts::PluginType)]\npub struct Row { pub cells: Vec<String> }\n";
    let moved = edited(
        "#[derive(PluginType)]\npub struct Row {\n    pub cells: Vec<String>,\n}\n",
        "use drift_shapes::Row;\n",
    );
    let package = above(name, &moved, &promised());
    below(&package, name, shapes);
    let said = package.check();
    assert!(said.is_empty(), "it is the same wherever it is declared: {}", rendered(&said));

    below(&package, name, &edited_text(shapes, "Vec<String>", "Vec<u8>"));
    let said = package.check();
    let [error] = said.as_slice() else { panic!("{}", rendered(&said)) };
    let text = "contract drift [PC108], `acme.store` 1.1.0: type `Row` changed where it is declared: \
                was `struct Row { cells: Vec<String> }`";
    assert!(error.message.contains(text), "{}", error.message);
    assert_eq!(underlined(error), "rows");
}

#[test]
fn two_contracts_of_one_package_are_compared_each_with_its_own_promise() {
    let mut lock = promise::lock::<dyn store::Store>();
    let other = promise::lock::<dyn shop::Shop>();
    lock.contracts.extend(other.contracts);
    lock.types.extend(other.types);
    let shop = edited_text(include_str!("shop.rs"), "pub type Id = u32;\n", "pub type Id = u32;\n");
    let both = |store: &str, shop: &str| {
        let source = format!("pub mod store {{\n{store}\n}}\npub mod shop {{\n{shop}\n}}\n");
        package(&source.replace("//!", "//"), &lock.to_string()).check()
    };
    let said = both(SOURCE, &shop);
    assert!(said.is_empty(), "{}", rendered(&said));
    let said = both(
        &edited("value: &[u8]", "value: &[u16]"),
        &edited_text(&shop, "buy(&self, id: Id)", "buy(&self)"),
    );
    let said: Vec<_> =
        said.iter().map(|said| (&said.message["contract drift [".len()..][..5], underlined(said))).collect();
    assert_eq!(said, [("PC003", "&[u16]".to_owned()), ("PC004", "buy".to_owned())]);
}

#[test]
fn two_contracts_that_share_a_type_that_changed_are_one_error() {
    let second = "\n#[plugin_contract(id = \"acme.rows\", version = \"1.0.0\")]\npub trait Rows {\n    fn all(&self) -> Vec<Row>;\n}\n";
    let lock = promise::lock::<dyn store::Store>();
    let mut both = lock.clone();
    // Whatever it hashes to now: the type is told once, by itself.
    let rows = lock.contracts["acme.store"].methods["rows"].clone();
    let mut contract = lock.contracts["acme.store"].clone();
    contract.methods = BTreeMap::from([(
        "all".to_owned(),
        plugin_gen::lock::Method {
            signature: "fn all(&self) -> Vec<Row>".to_owned(),
            resolved: BTreeMap::new(),
            ..rows
        },
    )]);
    contract.bounds = plugin_gen::lock::Bounds::default();
    contract.fingerprint = contract.hash();
    both.contracts.insert("acme.rows".to_owned(), contract);
    let said = package(&(edited("cells: Vec<String>", "cells: Vec<u8>") + second), &both.to_string()).check();
    let [error] = said.as_slice() else { panic!("{}", rendered(&said)) };
    assert!(error.message.contains("[PC102]"), "{}", error.message);
}

#[test]
fn a_contract_that_another_crate_exports_again_is_its_own_crates_business() {
    let name = "drift-base";
    let facade = "pub use drift_base::{Found, Id, Store, StoreError};\n".to_owned() + MEMORY;
    // What the crate above has locked is nothing to the contract that is declared below.
    let package = above(name, &facade, &promised());
    below(&package, name, &edited("value: &[u8]", "value: &[u16]"));
    let said = package.check();
    assert!(said.is_empty(), "{}", rendered(&said));
}

#[test]
fn a_package_that_nobody_may_write_to_is_compared_and_left_as_it_is() {
    let drifted = package(&edited("value: &[u8]", "value: &[u16]"), &promised());
    // Cargo settles its own lock first.
    assert_eq!(drifted.check().len(), 1);
    let found = |directory: &Path| -> BTreeMap<String, SystemTime> {
        let entries = fs::read_dir(directory).expect("it can be listed");
        let entry = |entry: std::io::Result<fs::DirEntry>| {
            let entry = entry.expect("it can be read");
            let modified = entry.metadata().and_then(|data| data.modified()).expect("it has a time");
            (entry.file_name().to_string_lossy().into_owned(), modified)
        };
        entries.map(entry).collect()
    };
    let mode = |mode| {
        for path in ["", "src", "plugin-contract.lock", "src/lib.rs"] {
            let directory = path.is_empty() || path == "src";
            let bits = if directory { mode | 0o111 } else { mode };
            fs::set_permissions(drifted.directory().join(path), Permissions::from_mode(bits))
                .expect("it is ours");
        }
    };
    let source =
        fs::File::options().append(true).open(drifted.directory().join("src/lib.rs")).expect("it is there");
    source.set_modified(SystemTime::now()).expect("it is ours");
    let before = found(drifted.directory());
    mode(0o444);
    let mut cargo = drifted.cargo("check");
    cargo.arg("--locked");
    let said = drifted.diagnostics(cargo);
    mode(0o644);
    assert!(said.len() == 1 && said[0].message.contains("[PC003]"), "{}", rendered(&said));
    assert_eq!(found(drifted.directory()), before);
}

#[test]
fn a_lock_that_comes_after_the_first_build_is_seen_once_a_source_is_touched() {
    let package = package(&edited("value: &[u8]", "value: &[u16]"), &promised());
    let (lock, source) =
        (package.directory().join("plugin-contract.lock"), package.directory().join("src/lib.rs"));
    fs::remove_file(&lock).expect("it was just written");
    assert!(package.check().is_empty(), "without a lock nothing is promised");
    package.write("plugin-contract.lock", &promised());
    // As `accept` does when it makes one.
    let touched =
        fs::File::options().append(true).open(source).and_then(|file| file.set_modified(SystemTime::now()));
    touched.expect("it is ours");
    let said = package.check();
    assert!(said.len() == 1 && said[0].message.contains("[PC003]"), "{}", rendered(&said));
}

#[test]
fn an_empty_lock_is_tracked_from_the_first_build_on() {
    let package = package(&edited("value: &[u8]", "value: &[u16]"), &Lock::default().to_string());
    assert!(package.check().is_empty(), "an empty lock promises nothing");
    package.write("plugin-contract.lock", &promised());
    let said = package.check();
    assert!(said.len() == 1 && said[0].message.contains("[PC003]"), "{}", rendered(&said));
}
