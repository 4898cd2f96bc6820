//! Tuples, arrays, boxes, maps and what no prelude brings: drift in them is one error on the word, and other ways to write
//! the same are none.

use plugin_tests::package::{rendered, underlined};

use super::goods::Goods;
use super::{Promised, edited_text, package, promise};

fn goods() -> Promised {
    Promised { source: include_str!("goods.rs"), lock: promise::lock::<dyn Goods>().to_string() }
}

#[test]
fn the_lock_holds_them_and_is_read_as_it_was_written() {
    goods().holds(&["[u8; 4]", "(&str, Key)", "[u8; 16]", "Option<Box<Good>>", "(u32, [u16; 2])"]);
}

#[test]
fn the_same_in_other_words_is_no_drift() {
    let goods = goods();
    let source = goods.edited("-> [u8; 4]", "-> [u8; 0x4_usize]");
    let source = edited_text(&source, "since: Duration", "since: ::std::time::Duration");
    let source = edited_text(&source, "HashMap<Key, Good>", "std::collections::HashMap<Key, Good>");
    let source =
        edited_text(&source, "use std::collections::{BTreeMap, HashMap};", "use std::collections::BTreeMap;");
    goods.compiles(&edited_text(&source, "price: (u32, [u16; 2])", "price: (u32,[ u16;2 ],)"));
}

#[test]
fn an_array_of_another_length_is_drift() {
    let goods = goods();
    goods.drifts(&goods.edited("-> [u8; 4]", "-> [u8; 5]"), "PC005", "[u8; 5]");
    goods.drifts(&goods.edited("[u16; 2])", "[u16; 3])"), "PC102", "(u32, [u16; 3])");
}

#[test]
fn a_length_behind_an_alias_is_drift() {
    let goods = goods();
    goods.drifts(&goods.edited("usize = 16", "usize = 32"), "PC108", "Key");
}

#[test]
fn another_member_of_a_tuple_is_drift() {
    let goods = goods();
    goods.drifts(&goods.edited("-> (u8, Good)", "-> (u16, Good)"), "PC005", "(u16, Good)");
    goods.drifts(&goods.edited("-> (u8, Good)", "-> (u8, Good, u8)"), "PC005", "(u8, Good, u8)");
}

#[test]
fn a_map_of_another_kind_is_drift() {
    let goods = goods();
    let another = "HashMap<String, std::time::Duration>";
    let source = goods.edited("BTreeMap<String, std::time::Duration>", another);
    let source =
        edited_text(&source, "use std::collections::{BTreeMap, HashMap};", "use std::collections::HashMap;");
    goods.drifts(&source, "PC005", another);
}

#[test]
fn a_name_that_no_prelude_brings_may_be_the_authors_own() {
    let goods = goods();
    let source = goods.edited("use std::time::Duration;", "pub type Duration = u64;");
    let said = package(&source, &goods.lock).check();
    // The argument and the field; the result is written with its path, and is what it was.
    let found: Vec<_> = said.iter().map(underlined).collect();
    assert_eq!(found, ["Duration", "Duration"], "{}", rendered(&said));
    assert!(said.iter().all(|error| error.message.contains("contract drift")), "{}", rendered(&said));
}
