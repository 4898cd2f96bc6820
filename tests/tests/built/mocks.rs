//! Mocks of contracts that are built on others: they hold the mocks of those.

use fixture_bases::{
    Closes as _, Counts as _, Explodes as _, MockCloses, MockCounts, MockExplodes, MockThing, Thing,
    ThingError,
};
use futures::executor::block_on;
use plugin_contracts::mock::{Mock, eq};
use plugin_host::{MockPlugin, Plugin};
use plugin_tests::mock;

use super::built::{Board, MockShelf, Shelf};

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

#[test]
fn a_spy_asks_the_object_whichever_contract_brings_the_method() {
    for real in [Box::new(Board::new("board")) as Box<dyn Shelf>, super::loaded().into_box()] {
        let mut spy = MockShelf::wrapping_box(real);
        spy.base_mut::<MockThing>().expect_rename().with(eq("no")).return_const(Ok("mocked".to_owned()));
        spy.put("key", vec![1]);
        assert_eq!((spy.get("key"), spy.count(), spy.name()), (Some(vec![1]), 1, "board"));
        assert_eq!(spy.title(), "1 of board", "the object's own, where the contract has a default body");
        assert_eq!(
            (spy.rename("no").as_deref(), spy.rename("other").as_deref()),
            (Ok("mocked"), Ok("board"))
        );
        assert_eq!((spy.shut(), spy.shut(), block_on(spy.flush(2))), (1, 2, "other".to_owned()));
        let closes: &mut dyn fixture_bases::Closes = &mut spy;
        assert_eq!(closes.shut(), 3);

        assert_eq!(spy.put_calls()[0].args.0, "key");
        let renames = spy.base::<MockThing>().rename_calls();
        assert_eq!(renames[1].result.as_deref(), Some(&Ok("board".to_owned())));
        assert_eq!(spy.base::<MockCloses>().shut_calls().len(), 3);
        assert_eq!(spy.base::<MockCounts>().count_calls()[0].result, Some(1));
        assert_eq!(spy.base::<MockThing>().name_calls()[0].result.as_deref(), Some("board"));
        assert_eq!(spy.verify(), Ok(()));
    }
}

#[test]
fn a_spy_of_a_value_is_made_of_the_value() {
    let spy = MockShelf::wrapping(Board::new("board")).with_times();
    assert_eq!((spy.name(), spy.count()), ("board", 0));
    assert!(spy.base::<MockCounts>().count_calls()[0].time.is_some());
}

#[test]
fn a_recording_has_the_methods_of_all() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("shelf.jsonl");
    let mut spy = MockShelf::recording(Box::new(Board::new("board")), &path).unwrap();
    spy.put("key", vec![1]);
    assert_eq!((spy.get("key"), spy.count(), spy.shut()), (Some(vec![1]), 1, 1));
    assert_eq!((spy.title().as_str(), block_on(spy.flush(1)).as_str()), ("1 of board", "board"));
    assert_eq!(spy.rename("other").as_deref(), Ok("board"));
    drop(spy);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(r#"{"args":{},"method":"count","result":1}"#), "{text}");
    assert!(text.contains(r#""rename":{"fingerprint":"#), "{text}");

    let mut shelf = MockShelf::replay(&path).unwrap();
    shelf.put("key", vec![1]);
    assert_eq!((shelf.get("key"), shelf.count(), shelf.shut()), (Some(vec![1]), 1, 1));
    assert_eq!((shelf.title().as_str(), block_on(shelf.flush(1)).as_str()), ("1 of board", "board"));
    assert_eq!(shelf.rename("other").as_deref(), Ok("board"));
    let said = panics(|| {
        let _ = shelf.count();
    });
    assert!(said.contains("MockCounts: unexpected call") && said.contains("answered it already"), "{said}");
    assert!(shelf.verify().is_err());
    let thing = MockThing::replay(&path).err().unwrap().to_string();
    assert!(
        thing.contains("expected a recording of `fixture.thing`, found one of `fixture.shelf`"),
        "{thing}"
    );
}

#[test]
fn a_library_hands_the_calls_of_all_contracts_on() {
    let copy = mock::of("fixture-contracts", "fixture.shelf", "built::Shelf", &[]);
    let path = copy.path();
    let mut mock = MockShelf::new();
    mock.expect_get().with(eq("key")).returning(|_| Some(vec![1]));
    mock.base_mut::<MockThing>().expect_name().times(2).return_const("mocked");
    mock.base_mut::<MockThing>().expect_rename().fail("out of memory");
    mock.base_mut::<MockCounts>().expect_count().return_const(3u64);
    mock.base_mut::<MockCloses>().expect_shut().times(2).return_seq([1, 2]);
    mock.base_mut::<MockCloses>().expect_flush().returning(|times| times.to_string());
    // SAFETY: the file is built by this test.
    let library = unsafe { MockPlugin::<dyn Shelf>::open(&path) }.unwrap();
    library.program(&mock);
    // SAFETY: as above.
    let mut plugin = unsafe { Plugin::<dyn Shelf>::load(&path) }.unwrap();
    assert_eq!(
        (plugin.get("key"), plugin.name(), plugin.title().as_str()),
        (Some(vec![1]), "mocked", "3 of mocked")
    );
    let closes: &mut dyn fixture_bases::Closes = &mut *plugin;
    assert_eq!((closes.shut(), closes.shut(), block_on(closes.flush(4))), (1, 2, "4".to_owned()));
    let said = panics(|| {
        let _ = plugin.count();
    });
    assert!(said.contains("`fixture.shelf` count let a fault pass: MockCounts: unexpected call"), "{said}");
    let Err(ThingError::Fault(said)) = plugin.rename("x") else { panic!("it fails") };
    assert_eq!(said, "plugin libmock.so: `fixture.shelf` rename panicked: out of memory");
    let report = mock.verify().unwrap_err().to_string();
    assert!(report.contains("MockCounts: unexpected call") && !report.contains("did not come"), "{report}");
    assert_eq!(mock.base::<MockCloses>().shut_calls().len(), 2);
    let said = panics(|| {
        mock.base_mut::<MockThing>().expect_name();
    });
    assert!(said.contains("`name` cannot be told anew while plugins hand their calls on"), "{said}");
}

#[test]
fn a_spy_of_all_stands_behind_no_plugin() {
    let said = panics(|| drop(Mock::behind(&MockShelf::wrapping(Board::new("board")))));
    assert!(said.starts_with("MockShelf wraps an object, which no plugin can have as well"), "{said}");
}
