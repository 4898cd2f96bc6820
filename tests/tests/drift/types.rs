//! What changed in a derived type: one error on the word in the type, whoever names it.

use cargo_metadata::diagnostic::Diagnostic;
use plugin_tests::package::{rendered, underlined};

use super::{edited, edited_text, package, promise, shop, under_lock};

/// Asks for one error: this code, on these words, saying this.
#[track_caller]
fn drifts(source: &str, code: &str, at: &str, says: &str) {
    one(&under_lock(source), &format!("contract drift [{code}], `acme.store` 1.1.0:"), at, says);
}

#[track_caller]
fn one(said: &[Diagnostic], start: &str, at: &str, says: &str) {
    let [error] = said else { panic!("not one error but {}:\n{}", said.len(), rendered(said)) };
    assert!(error.message.contains(start), "{}", error.message);
    assert!(error.message.contains("\nhelp: "), "{}", error.message);
    assert!(error.message.contains(says), "`{says}` is not said: {}", error.message);
    assert_eq!(underlined(error), at, "{}", rendered(said));
}

#[test]
fn a_field_of_another_type_is_underlined_at_its_type() {
    let says = "type of field `cells` of `Row` changed: was `Vec<String>`, is `Vec<u8>`";
    drifts(&edited("cells: Vec<String>", "cells: Vec<u8>"), "PC102", "Vec<u8>", says);
}

#[test]
fn a_field_of_an_alias_that_stands_for_another_is_underlined_at_its_type() {
    let named = edited("pub cells: Vec<String>", "pub cells: Cells");
    let source = named + "pub type Cells = Vec<u8>;\n";
    drifts(&source, "PC102", "Cells", "`cells` of `Row` changed: was `Vec<String>`, is `Cells`");
}

#[test]
fn a_field_that_was_renamed_is_underlined_at_its_name() {
    drifts(&edited("cells:", "columns:"), "PC103", "columns", "was `cells`, is `columns`");
}

#[test]
fn a_field_that_was_added_is_underlined_at_its_name() {
    let source = edited("pub cells: Vec<String>,", "pub cells: Vec<String>,\n    pub width: u32,");
    drifts(&source, "PC102", "width", "field `width` of `Row` was added: is `u32`");
}

#[test]
fn a_field_that_is_gone_is_underlined_at_the_type() {
    drifts(
        &edited("    pub cells: Vec<String>,\n", ""),
        "PC102",
        "Row",
        "field `cells` of `Row` was removed",
    );
}

#[test]
fn a_variant_that_was_added_at_the_end_is_underlined() {
    let source = edited("    Io(String),", "    Io(String),\n    Full,");
    drifts(&source, "PC104", "Full", "variant `Full` of `StoreError` was added");
}

#[test]
fn a_variant_that_moved_others_is_one_error() {
    let source = edited("    NotFound,", "    NotFound,\n    Full,");
    drifts(&source, "PC104", "Full", "was added, which moved the number of `Io`");
}

#[test]
fn a_variant_that_is_gone_and_moved_others_is_one_error() {
    let source = edited("    NotFound,\n", "");
    drifts(
        &source,
        "PC106",
        "StoreError",
        "`NotFound` of `StoreError` was removed, which moved the number of `Io`",
    );
}

#[test]
fn a_number_that_changed_is_underlined_at_its_variant() {
    let numbered = edited("    NotFound,", "    NotFound = 7,");
    let numbered = edited_text(&numbered, "pub enum", "#[repr(u8)]\npub enum");
    drifts(&numbered, "PC106", "NotFound", "was `0`, is `7`");
}

#[test]
fn a_number_that_only_rustc_can_compute_is_compared() {
    let numbered = edited("    NotFound,", "    NotFound = FIRST,");
    let numbered = edited_text(&numbered, "pub enum", "#[repr(u8)]\npub enum") + "const FIRST: u8 = 7;\n";
    drifts(
        &numbered,
        "PC106",
        "NotFound",
        "the number of variant `NotFound` of `StoreError` changed: was `0`",
    );
    let same = edited_text(&numbered, "FIRST: u8 = 7", "FIRST: u8 = 0");
    let said = under_lock(&same);
    assert!(said.is_empty(), "{}", rendered(&said));
}

#[test]
fn a_field_of_a_variant_is_underlined_at_its_type() {
    let says = "type of field `0` of `StoreError::Io` changed: was `String`, is `u32`";
    drifts(&edited("Io(String)", "Io(u32)"), "PC102", "u32", says);
}

#[test]
fn a_tuple_of_another_length_is_one_error() {
    let says = "number of fields of `StoreError::Io` changed: was `(String)`, is `(u32, String)`";
    drifts(&edited("Io(String)", "Io(u32, String)"), "PC102", "Io", says);
}

#[test]
fn a_struct_that_became_an_enum_is_one_error() {
    let source =
        edited("pub struct Row {\n    pub cells: Vec<String>,", "pub enum Row {\n    Cells(Vec<String>),");
    drifts(&source, "PC102", "Row", "`Row` has another form: was `struct`, is `enum`");
}

/// What rustc says of the second contract, changed at one place.
fn grown(from: &str, to: &str) -> Vec<Diagnostic> {
    let lock = promise::lock::<dyn shop::Shop>().to_string();
    package(&edited_text(include_str!("shop.rs"), from, to), &lock).check()
}

#[test]
fn what_may_grow_grows() {
    for (from, to) in [
        ("pub most: u32,", "pub most: u32,\n    #[plugin(default)]\n    pub least: u32,"),
        ("    Unknown(u32),", "    Moved { to: String },\n    Unknown(u32),"),
    ] {
        let said = grown(from, to);
        assert!(said.is_empty(), "{}", rendered(&said));
    }
}

#[test]
fn what_may_grow_grows_at_its_end_only() {
    let of = |code: &str| format!("contract drift [{code}], `acme.shop` 1.0.0:");
    let first = grown("    Opened,", "    Moved,\n    Opened,");
    one(&first, &of("PC106"), "Opened", "was `0`, is `1`");
    let required = grown("pub most: u32,", "pub most: u32,\n    pub least: u32,");
    one(&required, &of("PC102"), "least", "field `least` of `Limits` was added");
}

#[test]
fn that_a_type_may_grow_is_part_of_its_form() {
    let of = "contract drift [PC102], `acme.shop` 1.0.0:";
    let closed = grown("#[plugin(sized)]\n", "");
    one(&closed, of, "Limits", "`Limits` has another form: was `#[plugin(sized)] struct`, is `struct`");
    let closed = grown("#[plugin(open)]\n", "");
    one(&closed, of, "Event", "`Event` has another form: was `#[plugin(open)] enum`, is `enum`");
}
