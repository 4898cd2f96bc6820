//! What a contract is built on drifts: said once, by the base where it is compared itself, else where it is built on.

use cargo_metadata::diagnostic::Diagnostic;
use plugin_gen::lock::Lock;
use plugin_tests::package::{rendered, underlined};

use super::packages::{above, below};
use super::{based, edited_text, package, promise};

const SOURCE: &str = include_str!("based.rs");

/// The lock of the package that has both.
fn both() -> Lock {
    let mut lock = promise::lock::<dyn based::Base>();
    lock.contracts.extend(promise::lock::<dyn based::Shelf>().contracts);
    lock
}

/// What rustc says of both contracts in one package, changed at one place.
fn beside(from: &str, to: &str) -> Vec<Diagnostic> {
    package(&edited_text(SOURCE, from, to), &both().to_string()).check()
}

/// What rustc says of the contract when it is the base of another package that changed at one place.
fn across(from: &str, to: &str) -> Vec<Diagnostic> {
    let source = edited_text(SOURCE, from, to);
    let (base, shelf) = source.split_once("#[plugin_contract(id = \"acme.shelf\"").expect("it is there");
    let shelf = format!(
        "use drift_base::Base;\nuse plugin_contracts::plugin_contract;\n\n#[plugin_contract(id = \"acme.shelf\"{shelf}"
    );
    let package = above("drift-base", &shelf, &promise::lock::<dyn based::Shelf>().to_string());
    below(&package, "drift-base", base);
    package.check()
}

/// That one error was said: this code, on these words, with this in it.
#[track_caller]
fn one(said: &[Diagnostic], code: &str, id: &str, at: &str, says: &str) {
    let [error] = said else { panic!("not one error but {}:\n{}", said.len(), rendered(said)) };
    assert!(error.message.contains(&format!("contract drift [{code}], `{id}` 1.0.0:")), "{}", error.message);
    assert!(error.message.contains("\nhelp: "), "nothing says what to do: {}", error.message);
    assert!(error.message.contains(says), "`{says}` is not said: {}", error.message);
    assert_eq!(underlined(error), at, "{}", rendered(said));
}

#[test]
fn what_was_promised_compiles() {
    for said in [beside("get", "get"), across("get", "get")] {
        assert!(said.is_empty(), "{}", rendered(&said));
    }
}

#[test]
fn a_base_that_is_compared_itself_speaks_alone() {
    one(&beside("-> String", "-> u64"), "PC005", "acme.base", "u64", "was `String`, is `u64`");
    one(&beside("    fn name(&self) -> String;\n", ""), "PC001", "acme.base", "Base", "`name` was removed");
    one(&beside("-> String;", "-> String;\n    fn more(&self);"), "PC002", "acme.base", "more", "`more`");
    let said = beside("Base: Send + Sync", "Base: Send");
    let codes: Vec<_> = said.iter().map(underlined).collect();
    assert_eq!(codes, ["Send", "Base"], "the bounds of both changed: {}", rendered(&said));
}

#[test]
fn a_base_of_another_package_is_spoken_for() {
    let changed = "method `name` changed in `acme.base`, which declares it: was `fn name(&self) -> String`";
    one(&across("-> String", "-> u64"), "PC108", "acme.shelf", "Base", changed);
    let gone = "method `name` was removed: was `fn name(&self) -> String`";
    one(&across("    fn name(&self) -> String;\n", ""), "PC001", "acme.shelf", "Base", gone);
    let added = "required method `more`, which plugins built before lack, was added";
    one(&across("-> String;", "-> String;\n    fn more(&self);"), "PC002", "acme.shelf", "Base", added);
    let bounds = "the thread bounds changed: was `Send + Sync`";
    one(&across("Base: Send + Sync", "Base: Send"), "PC009", "acme.shelf", "Base", bounds);
}

#[test]
fn what_may_be_added_to_a_base_may_be_added_elsewhere() {
    let more = "-> String;\n    fn more(&self) -> u64 {\n        0\n    }";
    let said = across("-> String;", more);
    assert!(said.is_empty(), "{}", rendered(&said));
    let renamed = "-> String;\n    #[renamed_from(\"rename\")]\n    fn relabel(&mut self, name: &str) -> bool {\n        name.is_empty()\n    }\n}\n\n#[cfg(any())]\ntrait Old {";
    let said = across("-> String;", renamed);
    assert!(said.is_empty(), "{}", rendered(&said));
}

#[test]
fn another_base_with_the_same_methods_is_another_base() {
    let was = "the contracts that it is built on changed: was `acme.base`, is `Base`";
    one(&across("acme.base", "acme.other"), "PC014", "acme.shelf", "Base", was);
}

#[test]
fn a_method_may_move_to_a_base_of_the_same_bounds() {
    let moved = edited_text(SOURCE, "    fn name(&self) -> String;\n", "");
    let moved =
        edited_text(&moved, "key: &str) -> u64;", "key: &str) -> u64;\n    fn name(&self) -> String;");
    let moved = edited_text(&moved, "Shelf: Base", "Shelf: Base + Send + Sync");
    let mut lock = both();
    lock.contracts.remove("acme.base");
    let unlocked = edited_text(
        &moved,
        "\"acme.base\", version = \"1.0.0\"",
        "\"acme.base\", version = \"1.0.0\", unlocked",
    );
    let said = package(&unlocked, &lock.to_string()).check();
    assert!(said.is_empty(), "from the base: {}", rendered(&said));

    // The other way round: the lock has the contract with a method of its own that is its base's now.
    let shelf = lock.contracts.get_mut("acme.shelf").expect("it is there");
    shelf.methods.get_mut("name").expect("it is there").from = String::new();
    let back = edited_text(
        SOURCE,
        "\"acme.base\", version = \"1.0.0\"",
        "\"acme.base\", version = \"1.0.0\", unlocked",
    );
    let said = package(&back, &lock.to_string()).check();
    assert!(said.is_empty(), "to the base: {}", rendered(&said));
    let said = package(&edited_text(&back, "-> String", "-> u64"), &lock.to_string()).check();
    one(&said, "PC108", "acme.shelf", "Base", "method `name`, which a base has now, changed");
}

#[test]
fn a_base_that_was_accepted_alone_leaves_a_promise_open() {
    let mut lock = both();
    let base = lock.contracts.get_mut("acme.base").expect("it is there");
    base.methods.get_mut("name").expect("it is there").fingerprint ^= 1;
    base.fingerprint = base.hash();
    // The base speaks for what it promised, the contract for what it did.
    let said = package(SOURCE, &lock.to_string()).check();
    one(&said, "PC108", "acme.base", "name", "`name`");
    let changed = edited_text(SOURCE, "-> String", "-> u64");
    let mut lock = both();
    let base = lock.contracts.get_mut("acme.base").expect("it is there");
    base.methods.remove("name");
    base.fingerprint = base.hash();
    let said = package(&changed, &lock.to_string()).check();
    assert!(said.iter().any(|said| said.message.contains("[PC108], `acme.shelf`")), "{}", rendered(&said));
}
