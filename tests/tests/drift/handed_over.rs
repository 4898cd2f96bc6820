//! Objects, closures, iterators and methods that wait: drift in them is one error on the word, and other ways to write the
//! same are none.

use plugin_gen::lock::Lock;
use plugin_tests::package::{rendered, underlined};

use super::{edited_text, handed, package, promise};

const DESK: &str = include_str!("handed.rs");

fn lock() -> String {
    promise::lock::<dyn handed::Desk>().to_string()
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
    for held in [
        "fn open(&self, name: &str) -> Box<dyn Session>",
        "fn lend(&self, session: &dyn Session, log: Arc<dyn Session>)",
        "fn each(&self, seen: &mut dyn FnMut(&str, u64) -> bool)",
        "fn told(&mut self, event: Option<Box<dyn Fn(u64) + Send + Sync>>)",
        "fn keys(&self) -> Box<dyn Iterator<Item = u64>>",
        "fn name(&self) -> &str",
        "async fn fetch(&self, key: u64) -> Result<String, String>",
    ] {
        assert!(text.contains(held), "{held}:\n{text}");
    }
}

#[test]
fn the_same_in_other_words_is_no_drift() {
    compiles(DESK);
    let source = edited_text(DESK, "-> Box<dyn Session>", "-> std::boxed::Box<dyn crate::Session + 'static>");
    let source = edited_text(&source, "dyn Fn(u64) + Send + Sync", "dyn Fn(u64) -> () + Sync + Send");
    compiles(&edited_text(&source, "dyn Iterator<Item = u64>", "dyn std::iter::Iterator<Item = u64>"));
}

#[test]
fn another_way_to_hand_over_is_drift() {
    drifts(&edited_text(DESK, "-> Box<dyn Session>", "-> Arc<dyn Session>"), "PC005", "Arc<dyn Session>");
    drifts(&edited_text(DESK, "session: &dyn", "session: &mut dyn"), "PC003", "&mut dyn Session");
    drifts(&edited_text(DESK, "log: Arc<dyn Session>", "log: Arc<dyn Desk>"), "PC003", "Arc<dyn Desk>");
    drifts(&edited_text(DESK, "-> &str", "-> String"), "PC005", "String");
}

#[test]
fn another_closure_is_drift() {
    let seen = "&mut dyn FnMut(&str, u64) -> bool";
    let other = |from: &str, to: &str| drifts(&edited_text(DESK, from, to), "PC003", to);
    other(seen, "&mut dyn FnMut(&str, u32) -> bool");
    other(seen, "&mut dyn FnMut(&str) -> bool");
    other(seen, "&mut dyn FnMut(&str, u64)");
    other(seen, "&dyn Fn(&str, u64) -> bool");
    other("Option<Box<dyn Fn(u64) + Send + Sync>>", "Option<Box<dyn Fn(u64) + Send>>");
}

#[test]
fn other_items_and_another_way_to_wait_are_drift() {
    drifts(
        &edited_text(DESK, "Item = u64> + '_>", "Item = u32> + '_>"),
        "PC005",
        "Box<dyn Iterator<Item = u32> + '_>",
    );
    drifts(&edited_text(DESK, "async fn fetch", "fn fetch"), "PC007", "fetch");
    drifts(&edited_text(DESK, "async fn fetch", "#[plugin(local)]\n    async fn fetch"), "PC007", "fetch");
}

#[test]
fn the_contract_of_an_object_may_grow_without_a_word_of_the_other() {
    let more =
        "fn next(&mut self) -> Option<String>;\n    /// More.\n    fn more(&self) -> u64 {\n        0\n    }";
    compiles(&edited_text(DESK, "fn next(&mut self) -> Option<String>;", more));
}
