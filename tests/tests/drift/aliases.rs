//! What tokens cannot see: the words are the same, and mean something else. rustc computes the fingerprint and refuses.

use plugin_tests::package::{rendered, underlined};

use super::{edited, edited_text, under_lock};

/// Asks for one error a method, each saying that the contract drifted.
#[track_caller]
fn drifts(source: &str, methods: &[(&str, &str)]) {
    let said = under_lock(source);
    let found: Vec<_> = said.iter().map(underlined).collect();
    let expected: Vec<_> = methods.iter().map(|(method, _)| *method).collect();
    assert_eq!(found, expected, "{}", rendered(&said));
    for (error, (_, says)) in said.iter().zip(methods) {
        assert!(error.message.contains("[PC108] contract drift, `acme.store` 1.1.0:"), "{}", error.message);
        assert!(error.message.contains("\nhelp: "), "{}", error.message);
        assert!(error.message.contains(says), "`{says}` is not said: {}", error.message);
    }
}

#[test]
fn an_alias_of_another_number_is_drift() {
    drifts(&edited("Id = u32", "Id = u64"), &[("find", "Id was u32")]);
}

#[test]
fn an_alias_of_another_derived_type_is_drift() {
    let moved = edited("Found = Vec<Row>", "Found = Vec<Line>");
    drifts(
        &(moved + "#[derive(PluginType)]\npub struct Line { pub cells: Vec<u8> }\n"),
        &[("rows", "Found was Vec<Row>")],
    );
}

#[test]
fn a_field_that_changed_is_drift_of_every_method_that_reaches_it() {
    drifts(&edited("cells: Vec<String>", "cells: Vec<u8>"), &[("rows", "fn rows(&self) -> Found")]);
}

#[test]
fn a_field_that_was_renamed_is_drift() {
    drifts(&edited("cells:", "columns:"), &[("rows", "")]);
}

#[test]
fn a_variant_that_was_added_is_drift_that_the_first_method_speaks_of() {
    // One type changed, and one error says so, though two methods return it.
    drifts(&edited("    NotFound,", "    NotFound,\n    Full,"), &[("get", "StoreError")]);
}

#[test]
fn a_discriminant_that_changed_is_drift() {
    let numbered = edited("    NotFound,", "    NotFound = 7,");
    let numbered = edited_text(&numbered, "pub enum", "#[repr(u8)]\npub enum");
    drifts(&numbered, &[("get", "")]);
}

#[test]
fn a_type_of_std_that_is_shadowed_is_drift() {
    // The words and the path are the same; only rustc can tell that this `String` is another.
    drifts(&edited("pub type Id = u32;", "pub type Id = u32;\npub type String = Vec<u8>;"), &[("get", "")]);
}
