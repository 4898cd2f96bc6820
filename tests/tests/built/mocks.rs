//! Mocks of contracts that are built on others: they hold the mocks of those.

use fixture_bases::{
    Closes as _, Counts as _, Explodes as _, MockCloses, MockCounts, MockExplodes, MockThing, Thing,
};
use futures::executor::block_on;
use plugin_contracts::mock::eq;
use plugin_host::Plugin;

use super::built::{MockShelf, Shelf};

/// What the panic of this said.
fn panics(body: impl FnOnce()) -> String {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).expect_err("it panics");
    *caught.downcast::<String>().expect("with a text")
}

#[test]
fn a_mock_expects_what_its_contract_is_built_on() {
    let mut mock = MockShelf::new();
    mock.expect_get().with(eq("key")).returning(|_| Some(vec![1]));
    mock.base_mut::<MockThing>().expect_rename().with(eq("new")).return_const(Ok("old".to_owned()));
    mock.base_mut::<MockCloses>().expect_shut().return_const(7u64);
    mock.base_mut::<MockCloses>().expect_flush().with(eq(3)).return_const("flushed".to_owned());
    mock.base_mut::<MockCounts>().expect_count().return_const(2u64);
    mock.base_mut::<MockExplodes>().expect_explode().return_const(Ok(1));
    assert_eq!(mock.get("key"), Some(vec![1]));
    let thing: &mut dyn Thing = &mut mock;
    assert_eq!(thing.rename("new").as_deref(), Ok("old"));
    assert_eq!(
        (mock.shut(), block_on(mock.flush(3)), mock.count(), mock.explode()),
        (7, "flushed".to_owned(), 2, Ok(1))
    );
    assert_eq!(mock.get_calls().len(), 1);
    assert_eq!(mock.base::<MockThing>().rename_calls()[0].args, ("new".to_owned(),));
    mock.verify().unwrap();
    mock.checkpoint();
    assert!(mock.base::<MockThing>().rename_calls().is_empty());
}

#[test]
fn a_default_body_asks_the_whole_mock() {
    let mut mock = MockShelf::new();
    mock.base_mut::<MockCounts>().expect_count().return_const(5u64);
    // Both of its bases are built on this one, which is there once for who calls.
    mock.base_mut::<MockThing>().expect_name().return_const("mocked");
    assert_eq!(mock.title(), "5 of mocked");
}

#[test]
fn an_unexpected_call_of_a_base_is_told_with_its_method() {
    let mock = MockShelf::new();
    let said = panics(|| {
        let _ = mock.count();
    });
    assert!(said.contains("MockCounts") && said.contains("count"), "{said}");
    let said = panics(|| drop(mock));
    assert!(said.contains("count"), "it is told once more: {said}");
}

#[test]
fn what_did_not_come_is_told_of_all_at_once() {
    let mut mock = MockShelf::new();
    mock.expect_get().times(1).returning(|_| None);
    mock.base_mut::<MockExplodes>().expect_explode().times(2).return_const(Ok(0));
    let report = mock.verify().unwrap_err().to_string();
    assert!(report.contains("get") && report.contains("explode"), "{report}");
    let said = panics(|| drop(mock));
    assert!(said.contains("get") && said.contains("explode"), "{said}");
}

#[test]
fn a_lenient_mock_is_lenient_all_through() {
    let mut mock = MockShelf::lenient().without_log();
    assert_eq!((mock.get("key"), mock.count(), mock.shut()), (None, 0, 0));
    assert!(mock.get_calls().is_empty() && mock.base::<MockCounts>().count_calls().is_empty());
}

#[test]
fn a_mock_stands_in_for_a_plugin_and_an_older_version() {
    let mut mock = MockShelf::at_version("1.0.0");
    mock.base_mut::<MockCounts>().expect_count().return_const(9u64);
    let plugin: Plugin<dyn Shelf> = Plugin::linked(mock);
    assert_eq!(plugin.count(), 9);
}
