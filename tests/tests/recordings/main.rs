//! Recordings: what a real plugin answered is answered again, in the JSON that schemas describe, and what does not fit is named.

#[path = "../../fixtures/contracts/src/echo.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::box_collection,
    reason = "the plugins that are built of it use all of it"
)]
mod echo;
#[path = "../../fixtures/contracts/src/foreign.rs"]
#[allow(dead_code, unreachable_pub, reason = "the plugins that are built of it use all of it")]
mod foreign;
#[path = "../../fixtures/rig/src/rig.rs"]
#[allow(unreachable_pub, reason = "the plugin that is built of it uses all of it")]
mod rig;

mod stale;
mod types;
mod written;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use plugin_contracts::mock::{Mock, MockReport, eq};
use plugin_host::Plugin;
use plugin_tests::plugin;
use rig::{MockRig, Rig, RigError};
use serde_json::Value;
use store_contract::{MockStore, Store, StoreError};
use tempfile::TempDir;

/// A file that goes with its directory.
fn file() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("calls.jsonl");
    (directory, path)
}

/// What the code panics with.
#[track_caller]
fn panic_of<R>(code: impl FnOnce() -> R) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(code)) else { panic!("it did not panic") };
    *payload.downcast::<String>().expect("a text")
}

/// The lines behind the first.
fn lines(path: &PathBuf) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("it was recorded");
    text.lines().skip(1).map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

fn recorded_store(path: &PathBuf) {
    // SAFETY: the file is built by this test.
    let plugin = unsafe { Plugin::<dyn Store>::load(plugin("memory")) }.unwrap();
    let store = MockStore::recording(plugin.into_box(), path).unwrap();
    store.put("a/b", &[1, 2]).unwrap();
    assert_eq!(store.get("a/b"), Ok(vec![1, 2]));
    assert!(store.get("c").is_err());
    store.put("a/b", &[3]).unwrap();
    assert_eq!(store.get("a/b"), Ok(vec![3]));
    assert_eq!(store.scan("a").map(|found| found.len()), Ok(1));
}

#[test]
fn what_a_plugin_answered_is_answered_again() {
    let (_directory, path) = file();
    recorded_store(&path);
    let store = MockStore::replay(&path).unwrap();
    assert_eq!(store.get("a/b"), Ok(vec![1, 2]), "each line once, in order");
    assert_eq!(store.get("c"), Err(StoreError::NotFound { key: "c".to_owned() }));
    assert_eq!(store.get("a/b"), Ok(vec![3]));
    assert_eq!(store.put("a/b", &[1, 2]), Ok(()), "the order of other calls is free");
    let entries = store.scan("a").unwrap();
    assert_eq!((entries[0].key.as_str(), entries[0].size), ("a/b", 1));
    assert_eq!(store.verify(), Ok(()));
    assert_eq!(store.get_calls().len(), 3, "and what came is in the log");
}

#[test]
fn a_line_is_a_call_by_names_that_stay() {
    let (_directory, path) = file();
    recorded_store(&path);
    let text = fs::read_to_string(&path).unwrap();
    let head: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&head["recording"], &head["contract"], &head["version"]),
        (&1.into(), &"acme.store".into(), &"1.1.0".into())
    );
    assert!(head["methods"]["get"]["signature"].as_str().unwrap().starts_with("fn get(&self, key: &str)"));
    let expected = [
        r#"{"args":{"key":"a/b","value":[1,2]},"method":"put","result":{"Ok":null}}"#,
        r#"{"args":{"key":"a/b"},"method":"get","result":{"Ok":[1,2]}}"#,
        r#"{"args":{"key":"c"},"method":"get","result":{"Err":{"NotFound":{"key":"c"}}}}"#,
        r#"{"args":{"key":"a/b","value":[3]},"method":"put","result":{"Ok":null}}"#,
        r#"{"args":{"key":"a/b"},"method":"get","result":{"Ok":[3]}}"#,
        r#"{"args":{"prefix":"a"},"method":"scan","result":{"Ok":[{"key":"a/b","size":1}]}}"#,
    ];
    assert_eq!(text.lines().skip(1).collect::<Vec<_>>(), expected);
}

#[test]
fn a_call_that_was_not_recorded_is_unexpected_and_shows_what_was() {
    let (_directory, path) = file();
    recorded_store(&path);
    let store = MockStore::replay(&path).unwrap();
    let said = panic_of(|| store.get("z"));
    let place = path.display();
    assert!(said.contains("MockStore: unexpected call\n     call: get(key: \"z\")"), "{said}");
    assert!(
        said.contains(&format!("replay:  {place} has 3 calls of get, and none with these arguments")),
        "{said}"
    );
    assert!(said.contains("line 3: {\"key\":\"a/b\"}") && said.contains("line 4: {\"key\":\"c\"}"), "{said}");
    assert!(said.contains("record it again, or say it with expect_get"), "{said}");

    assert!(store.get("c").is_err());
    let said = panic_of(|| store.get("c"));
    assert!(said.contains(&format!("replay:  {place} answered it already, in line 4")), "{said}");

    let said = panic_of(|| store.delete("c"));
    assert!(said.contains("there is no expect_delete"), "{said}");
    let told: MockReport = store.verify().unwrap_err();
    assert_eq!(told.to_string().matches("unexpected call").count(), 3, "each is told: {told}");
}

#[test]
fn what_is_expected_comes_before_what_was_recorded() {
    let (_directory, path) = file();
    recorded_store(&path);
    let mut store = MockStore::replay(&path).unwrap();
    store.expect_get().with(eq("a/b")).returning(|_| Ok(vec![9]));
    assert_eq!(store.get("a/b"), Ok(vec![9]));
    assert!(store.get("c").is_err());
}

#[test]
fn what_is_expected_of_a_spy_is_not_recorded() {
    let (_directory, path) = file();
    let mut inner = MockRig::new();
    inner.expect_count().return_const(1_u64);
    let mut spy = MockRig::recording(Box::new(inner), &path).unwrap();
    spy.expect_title().return_const("mine".to_owned());
    assert_eq!((spy.title(0), spy.count()), ("mine".to_owned(), 1));
    assert_eq!(lines(&path).len(), 1);
}

#[test]
fn methods_that_wait_borrow_and_change_are_recorded() {
    let (_directory, path) = file();
    let mut inner = MockRig::new();
    inner
        .expect_wait()
        .returning(|key| if key.is_empty() { Err(RigError::Nothing(String::new())) } else { Ok(7) })
        .times(2);
    inner.expect_name().return_const("borrowed");
    inner.expect_push().times(2).return_seq([1, 2]);
    inner.expect_count().return_const(21_u64);
    let mut spy = MockRig::recording(Box::new(inner), &path).unwrap();
    assert_eq!(futures::executor::block_on(spy.wait("k")), Ok(7));
    assert!(futures::executor::block_on(spy.wait("")).is_err());
    assert_eq!(
        (spy.name().to_owned(), spy.push("a".into()), spy.push("a".into())),
        ("borrowed".to_owned(), 1, 2)
    );
    assert_eq!(spy.twice(), 42);

    let mut rig = MockRig::replay(&path).unwrap();
    assert_eq!(futures::executor::block_on(rig.wait("")), Err(RigError::Nothing(String::new())));
    assert_eq!(futures::executor::block_on(rig.wait("k")), Ok(7));
    assert_eq!(
        (rig.name().to_owned(), rig.push("a".into()), rig.push("a".into())),
        ("borrowed".to_owned(), 1, 2)
    );
    assert_eq!(rig.twice(), 42, "what the object answered, its default body included");
    assert_eq!(rig.verify(), Ok(()));
}

#[test]
fn a_default_body_runs_where_nothing_was_recorded_of_it() {
    let (_directory, path) = file();
    let mut inner = MockRig::new();
    inner.expect_count().return_const(4_u64);
    let spy = MockRig::recording(Box::new(inner), &path).unwrap();
    spy.count();
    let rig = MockRig::replay(&path).unwrap();
    assert_eq!(rig.twice(), 8, "over what was recorded");
}

#[test]
fn what_has_no_json_leaves_a_line_that_says_so() {
    let (_directory, path) = file();
    let mut inner = MockRig::new();
    inner.expect_each().return_const(1_u64);
    inner.expect_line().returning(|| Box::new(rig::MockLine::lenient()));
    let spy = MockRig::recording(Box::new(inner), &path).unwrap();
    spy.each(&mut |_| true);
    let _ = spy.line();
    let said: Vec<_> =
        lines(&path).into_iter().map(|line| line["unrecorded"].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        said,
        [
            "argument `seen`: a `&mut dyn FnMut(&str) -> bool` can only be used, and has no JSON",
            "result: a `Box<dyn Line>` can only be used, and has no JSON",
        ]
    );
    let rig = MockRig::replay(&path).unwrap();
    let said = panic_of(|| rig.each(&mut |_| true));
    assert!(
        said.contains(":2 has the call, and not what it did: argument `seen`: a `&mut dyn FnMut"),
        "{said}"
    );
    assert!(said.contains("say it with expect_each"), "{said}");
    assert!(rig.verify().is_err());
}

#[test]
fn a_call_that_panics_leaves_no_line() {
    let (_directory, path) = file();
    let mut inner = MockRig::new();
    inner.expect_count().times(2).returning(|| panic!("no"));
    inner.expect_title().return_const("yes".to_owned());
    let spy = MockRig::recording(Box::new(inner), &path).unwrap();
    assert!(catch_unwind(AssertUnwindSafe(|| spy.count())).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| spy.count())).is_err());
    spy.title(1);
    assert_eq!(lines(&path).len(), 1);
}

#[test]
fn a_recording_stands_behind_a_plugin() {
    let (_directory, path) = file();
    let mut inner = MockRig::new();
    inner.expect_title().returning(|of| of.to_string());
    let spy = MockRig::recording(Box::new(inner), &path).unwrap();
    spy.title(3);
    let copy = plugin_tests::mock::rig("fixture.rig", &[]);
    // SAFETY: the file is built by this test.
    let library = unsafe { plugin_host::MockPlugin::<dyn Rig>::open(copy.path()) }.unwrap();
    let rig = MockRig::replay(&path).unwrap();
    library.program(&rig);
    // SAFETY: as above.
    let plugin = unsafe { Plugin::<dyn Rig>::load(copy.path()) }.unwrap();
    assert_eq!(plugin.title(3), "3");
    let said = panic_of(|| plugin.title(4));
    assert!(
        said.contains("let a fault pass: MockRig: unexpected call") && said.contains("replay:"),
        "{said}"
    );
    assert!(rig.verify().is_err());
}

#[test]
fn a_file_that_cannot_be_written_is_said_at_once() {
    let (directory, _) = file();
    let error = MockRig::recording(Box::new(MockRig::new()), directory.path()).err().unwrap();
    assert_eq!(error.kind(), std::io::ErrorKind::IsADirectory);
}
