//! What tokens cannot see: the words are the same, and mean something else. rustc compares what they stand for, and the
//! hash of it all, and refuses.

use plugin_tests::package::{rendered, underlined};

use super::{edited, edited_text, under_lock};

const SHOP: &str = include_str!("shop.rs");

/// Asks for one PC108 on these words, that says this.
#[track_caller]
fn drifts(source: &str, at: &str, says: &str) {
    let said = under_lock(source);
    let [error] = said.as_slice() else { panic!("not one error but {}:\n{}", said.len(), rendered(&said)) };
    assert!(error.message.contains("contract drift [PC108], `acme.store` 1.1.0:"), "{}", error.message);
    assert!(error.message.contains("\nhelp: "), "{}", error.message);
    assert!(error.message.contains(says), "`{says}` is not said: {}", error.message);
    assert_eq!(underlined(error), at, "{}", rendered(&said));
}

#[test]
fn an_alias_of_another_number_is_drift() {
    drifts(&edited("Id = u32", "Id = u64"), "Id", "`Id` in `find` stands for another type: was `u32`");
}

#[test]
fn an_alias_of_another_derived_type_is_drift() {
    let moved = edited("Found = Vec<Row>", "Found = Vec<Line>");
    drifts(
        &(moved + "#[derive(PluginType)]\npub struct Line { pub cells: Vec<u8> }\n"),
        "Found",
        "`Found` in `rows` stands for another type: was `Vec<Row>`",
    );
}

#[test]
fn one_alias_in_many_methods_is_one_error() {
    let lock = super::promise::lock::<dyn super::shop::Shop>().to_string();
    let said = super::package(&edited_text(SHOP, "Id = u32", "Id = i32"), &lock).check();
    // `Option<Id>` is another type, and says nothing that `Id` has not said.
    let found: Vec<_> = said.iter().map(underlined).collect();
    assert_eq!(found, ["Id"], "{}", rendered(&said));
}

#[test]
fn a_type_of_std_that_is_shadowed_in_a_field_is_drift() {
    // The words and the path are the same; only rustc can tell that this `String` is another.
    let said = under_lock(&edited("pub type Id = u32;", "pub type Id = u32;\npub type String = Vec<u8>;"));
    // A field of `StoreError`, one of `Row`, and the result of `repair`.
    let found: Vec<_> =
        said.iter().map(|error| (underlined(error), error.message.contains("contract drift"))).collect();
    let expected = ["String", "Vec<String>", "repair"].map(|at| (at.to_owned(), true));
    assert_eq!(found, expected, "{}", rendered(&said));
}
