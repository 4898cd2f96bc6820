//! Tuples, arrays, boxes, maps and what no prelude brings: drift in them is one error on the word, and other ways to write
//! the same are none.

use plugin_gen::lock::Lock;
use plugin_tests::package::{rendered, underlined};

use super::{edited_text, goods, package, promise};

const GOODS: &str = include_str!("goods.rs");

fn lock() -> String {
    promise::lock::<dyn goods::Goods>().to_string()
}

/// Asks for one error of this code, on these words.
#[track_caller]
fn drifts(source: &str, code: &str, at: &str) {
    let said = package(source, &lock()).check();
    let [error] = said.as_slice() else { panic!("not one error but {}:\n{}", said.len(), rendered(&said)) };
    assert!(error.message.contains(&format!("contract drift [{code}]")), "{}", error.message);
    assert_eq!(underlined(error), at, "{}", rendered(&said));
}

#[track_caller]
fn compiles(source: &str) {
    let said = package(source, &lock()).check();
    assert!(said.is_empty(), "{}", rendered(&said));
}

#[test]
fn the_lock_holds_them_and_is_read_as_it_was_written() {
    let text = lock();
    let parsed = Lock::parse(&text).unwrap();
    assert_eq!(parsed.to_string(), text);
    for held in ["[u8; 4]", "(&str, Key)", "[u8; 16]", "Option<Box<Good>>", "(u32, [u16; 2])"] {
        assert!(text.contains(held), "{held}:\n{text}");
    }
}

#[test]
fn the_same_in_other_words_is_no_drift() {
    let source = edited_text(GOODS, "-> [u8; 4]", "-> [u8; 0x4_usize]");
    let source = edited_text(&source, "since: Duration", "since: ::std::time::Duration");
    let source = edited_text(&source, "HashMap<Key, Good>", "std::collections::HashMap<Key, Good>");
    let source =
        edited_text(&source, "use std::collections::{BTreeMap, HashMap};", "use std::collections::BTreeMap;");
    compiles(&edited_text(&source, "price: (u32, [u16; 2])", "price: (u32,[ u16;2 ],)"));
}

#[test]
fn an_array_of_another_length_is_drift() {
    drifts(&edited_text(GOODS, "-> [u8; 4]", "-> [u8; 5]"), "PC005", "[u8; 5]");
    drifts(&edited_text(GOODS, "[u16; 2])", "[u16; 3])"), "PC102", "(u32, [u16; 3])");
}

#[test]
fn a_length_behind_an_alias_is_drift() {
    drifts(&edited_text(GOODS, "usize = 16", "usize = 32"), "PC108", "Key");
}

#[test]
fn another_member_of_a_tuple_is_drift() {
    drifts(&edited_text(GOODS, "-> (u8, Good)", "-> (u16, Good)"), "PC005", "(u16, Good)");
    drifts(&edited_text(GOODS, "-> (u8, Good)", "-> (u8, Good, u8)"), "PC005", "(u8, Good, u8)");
}

#[test]
fn a_map_of_another_kind_is_drift() {
    let another = "HashMap<String, std::time::Duration>";
    let source = edited_text(GOODS, "BTreeMap<String, std::time::Duration>", another);
    let source =
        edited_text(&source, "use std::collections::{BTreeMap, HashMap};", "use std::collections::HashMap;");
    drifts(&source, "PC005", another);
}

#[test]
fn a_name_that_no_prelude_brings_may_be_the_authors_own() {
    let source = edited_text(GOODS, "use std::time::Duration;", "pub type Duration = u64;");
    let said = package(&source, &lock()).check();
    // The argument and the field; the result is written with its path, and is what it was.
    let found: Vec<_> = said.iter().map(underlined).collect();
    assert_eq!(found, ["Duration", "Duration"], "{}", rendered(&said));
    assert!(said.iter().all(|error| error.message.contains("contract drift")), "{}", rendered(&said));
}
