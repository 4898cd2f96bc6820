//! The mockall half of docs/mock-migration.md: what stands there on that side stands here too, and is compiled and run.

use mockall::{Sequence, automock, predicate};

#[automock]
trait Store {
    fn get(&self, key: &str) -> Option<u64>;
    fn put(&self, key: &str, value: &[u8]);
}

#[automock]
trait File {
    fn open(&self);
    fn close(&self);
}

#[test]
fn a_call_that_is_expected() {
    let mut store = MockStore::new();
    store.expect_get().with(predicate::eq("k")).times(1).returning(|_| Some(7));
    assert_eq!(store.get("k"), Some(7));
}

#[test]
fn any_number_of_calls() {
    let mut store = MockStore::new();
    store.expect_get().return_const(Some(7));
    assert_eq!([store.get("a"), store.get("b")], [Some(7), Some(7)]);
}

#[test]
fn an_order() {
    let mut file = MockFile::new();
    let mut seq = Sequence::new();
    file.expect_open().times(1).in_sequence(&mut seq).return_const(());
    file.expect_close().times(1).in_sequence(&mut seq).return_const(());
    file.open();
    file.close();
}

#[test]
fn an_argument_that_is_looked_at_later() {
    let mut store = MockStore::new();
    let (sender, seen) = std::sync::mpsc::channel();
    store.expect_put().returning(move |_, value| sender.send(value.to_vec()).unwrap());
    store.put("k", &[1]);
    assert_eq!(seen.recv().unwrap(), [1]);
}

#[test]
fn the_page_has_no_other_snippets() {
    let page = include_str!("../../../docs/mock-migration.md");
    let here: Vec<&str> = include_str!("migration.rs").lines().map(str::trim).collect();
    let blocks: Vec<&str> = page.split("```rust,ignore\n").skip(1).collect();
    assert!(blocks.len() >= 4, "mockall's snippets are marked so");
    for block in blocks {
        let block = block.split("```").next().unwrap_or_default();
        let wanted: Vec<&str> = block.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert!(here.windows(wanted.len()).any(|lines| lines == wanted), "not compiled:\n{block}");
    }
}
