//! Objects, closures, iterators and methods that wait: drift in them is one error on the word, and other ways to write the
//! same are none.

use super::handed::Desk;
use super::{Promised, edited_text, promise};

fn desk() -> Promised {
    Promised { source: include_str!("handed.rs"), lock: promise::lock::<dyn Desk>().to_string() }
}

#[test]
fn the_lock_holds_them_and_is_read_as_it_was_written() {
    desk().holds(&[
        "fn open(&self, name: &str) -> Box<dyn Session>",
        "fn lend(&self, session: &dyn Session, log: Arc<dyn Session>)",
        "fn each(&self, seen: &mut dyn FnMut(&str, u64) -> bool)",
        "fn told(&mut self, event: Option<Box<dyn Fn(u64) + Send + Sync>>)",
        "fn keys(&self) -> Box<dyn Iterator<Item = u64>>",
        "fn name(&self) -> &str",
        "async fn fetch(&self, key: u64) -> Result<String, String>",
    ]);
}

#[test]
fn the_same_in_other_words_is_no_drift() {
    let desk = desk();
    desk.compiles(desk.source);
    let source = desk.edited("-> Box<dyn Session>", "-> std::boxed::Box<dyn crate::Session + 'static>");
    let source = edited_text(&source, "dyn Fn(u64) + Send + Sync", "dyn Fn(u64) -> () + Sync + Send");
    desk.compiles(&edited_text(&source, "dyn Iterator<Item = u64>", "dyn std::iter::Iterator<Item = u64>"));
}

#[test]
fn another_way_to_hand_over_is_drift() {
    let desk = desk();
    desk.drifts(&desk.edited("-> Box<dyn Session>", "-> Arc<dyn Session>"), "PC005", "Arc<dyn Session>");
    desk.drifts(&desk.edited("session: &dyn", "session: &mut dyn"), "PC003", "&mut dyn Session");
    desk.drifts(&desk.edited("log: Arc<dyn Session>", "log: Arc<dyn Desk>"), "PC003", "Arc<dyn Desk>");
    desk.drifts(&desk.edited("-> &str", "-> String"), "PC005", "String");
}

#[test]
fn another_closure_is_drift() {
    let desk = desk();
    let seen = "&mut dyn FnMut(&str, u64) -> bool";
    let other = |from: &str, to: &str| desk.drifts(&desk.edited(from, to), "PC003", to);
    other(seen, "&mut dyn FnMut(&str, u32) -> bool");
    other(seen, "&mut dyn FnMut(&str) -> bool");
    other(seen, "&mut dyn FnMut(&str, u64)");
    other(seen, "&dyn Fn(&str, u64) -> bool");
    other("Option<Box<dyn Fn(u64) + Send + Sync>>", "Option<Box<dyn Fn(u64) + Send>>");
}

#[test]
fn other_items_and_another_way_to_wait_are_drift() {
    let desk = desk();
    desk.drifts(
        &desk.edited("Item = u64> + '_>", "Item = u32> + '_>"),
        "PC005",
        "Box<dyn Iterator<Item = u32> + '_>",
    );
    desk.drifts(&desk.edited("async fn fetch", "fn fetch"), "PC007", "fetch");
    desk.drifts(&desk.edited("async fn fetch", "#[plugin(local)]\n    async fn fetch"), "PC007", "fetch");
}

#[test]
fn the_contract_of_an_object_may_grow_without_a_word_of_the_other() {
    let desk = desk();
    let more =
        "fn next(&mut self) -> Option<String>;\n    /// More.\n    fn more(&self) -> u64 {\n        0\n    }";
    desk.compiles(&desk.edited("fn next(&mut self) -> Option<String>;", more));
}
