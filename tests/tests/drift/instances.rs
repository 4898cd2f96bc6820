//! An instance of a generic type, by its name: what its parameters stand for is part of it, and its fields are compared.

use plugin_tests::package::{rendered, underlined};

use super::{edited_text, package, promise};

const SOURCE: &str = include_str!("instances/library.rs");

#[expect(unreachable_pub, reason = "as text it is a library of its own")]
#[path = "instances/library.rs"]
mod library;

/// The error of this source under the lock of the unchanged one: where it is, and what it says.
#[track_caller]
fn drift(source: &str) -> (String, String) {
    let lock = promise::lock::<dyn library::Library>().to_string();
    let said = package(source, &lock).check();
    let [error] = said.as_slice() else { panic!("not one error but {}:\n{}", said.len(), rendered(&said)) };
    assert!(error.message.contains("contract drift"), "{}", error.message);
    (underlined(error), error.message.clone())
}

#[test]
fn the_same_source_is_the_same() {
    let lock = promise::lock::<dyn library::Library>();
    assert!(lock.types.contains_key("Page<Row>") && lock.types.contains_key("Page<u32>"), "{lock}");
    assert_eq!(
        plugin_gen::lock::Lock::parse(&lock.to_string()),
        Ok(lock.clone()),
        "it is read as it was written"
    );
    let said = package(SOURCE, &lock.to_string()).check();
    assert!(said.is_empty(), "{}", rendered(&said));
}

#[test]
fn another_field_is_drift_of_the_instance() {
    let (at, said) = drift(&edited_text(SOURCE, "pub next: Option<u64>", "pub next: Option<u32>"));
    assert!(said.contains("type `Page<Row>` changed where it is declared"), "{said}");
    assert_eq!(at, "rows");
}

#[test]
fn another_argument_is_drift_where_it_is_named() {
    let (at, said) = drift(&edited_text(SOURCE, "-> Page<Row>", "-> Page<String>"));
    assert_eq!(at, "Page<String>");
    assert!(said.contains("Page<Row>"), "{said}");
}

#[test]
fn an_alias_of_another_argument_is_drift() {
    let (at, said) = drift(&edited_text(SOURCE, "type Id = u32", "type Id = u64"));
    assert_eq!(at, "Page<Id>");
    assert!(said.contains("was `Page<u32>`"), "{said}");
}

#[test]
fn another_field_of_an_argument_is_drift_of_that() {
    let (at, said) = drift(&edited_text(SOURCE, "pub cells: Vec<String>", "pub cells: Vec<u8>"));
    assert_eq!(at, "Vec<u8>");
    assert!(said.contains("`Row`"), "{said}");
}
