//! Mocks: strict, verified when dropped, and telling in what they say.

use std::panic::{AssertUnwindSafe, catch_unwind};

use plugin_contracts::mock::{always, eq, function};
use plugin_contracts::{PluginType, Sink, plugin_contract};
use plugin_host::Plugin;

/// A type that cannot be shown: no `Debug`.
#[derive(Clone, PluginType)]
pub struct Secret {
    /// What it hides.
    pub word: String,
}

/// A small store.
#[plugin_contract(id = "test.vault", version = "1.1.0", mock)]
pub trait Vault: Send + Sync {
    /// The value under a key.
    fn get(&self, key: &str, depth: u64) -> Option<Vec<u8>>;
    /// Stores bytes.
    fn put(&mut self, key: &str, value: &[u8]);
    /// Takes something that cannot be shown.
    fn hide(&self, secret: Secret) -> u64;
    /// Writes the value under a key behind what is there.
    fn read(&self, key: &str, out: Sink<'_>) -> bool;
    /// How many there are.
    #[since("1.1.0")]
    fn count(&self) -> u64 {
        self.get("count", 1).map_or(7, |value| value.len() as u64)
    }
}

/// What the code panics with.
#[track_caller]
fn panic_of<R>(code: impl FnOnce() -> R) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(code)) else { panic!("it did not panic") };
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => {
            payload.downcast::<&str>().map_or_else(|_| "not a text".to_owned(), |text| (*text).to_owned())
        }
    }
}

#[test]
fn an_expected_call_gets_its_answer() {
    let mut vault = MockVault::new();
    vault.expect_get().returning(|key, depth| Some(format!("{key}{depth}").into_bytes()));
    assert_eq!(vault.get("k", 2), Some(b"k2".to_vec()));
}

#[test]
fn a_sink_is_seen_as_the_bytes_in_it_and_written_to() {
    let mut vault = MockVault::new();
    vault.expect_read().with(eq("k"), eq(vec![1])).returning(|key, mut out| {
        out.write(key.as_bytes());
        true
    });
    let mut bytes = vec![1];
    assert!(vault.read("k", Sink::new(&mut bytes)));
    assert_eq!(bytes, [1, b'k']);
    let refused = panic_of(|| vault.read("k", Sink::new(&mut bytes)));
    assert!(refused.contains("[1, 107]"), "{refused}");
}

#[test]
fn predicates_choose_among_expectations() {
    let mut vault = MockVault::new();
    vault.expect_get().with(eq("a"), always()).returning(|_, _| Some(vec![1]));
    vault.expect_get().with(eq("b"), eq(2_u64)).returning(|_, _| Some(vec![2]));
    vault.expect_get().with(function(|key: &str| key.len() > 3), always()).returning(|_, _| None);
    assert_eq!(vault.get("b", 2), Some(vec![2]));
    assert_eq!(vault.get("long key", 0), None);
    assert_eq!(vault.get("a", 9), Some(vec![1]));
}

#[test]
fn an_expectation_that_had_enough_calls_makes_way_for_the_next() {
    let mut vault = MockVault::new();
    vault.expect_get().times(2).returning(|_, _| Some(vec![1]));
    vault.expect_get().returning(|_, _| None);
    let answers: Vec<_> = (0..3).map(|_| vault.get("k", 0)).collect();
    assert_eq!(answers, [Some(vec![1]), Some(vec![1]), None]);
}

#[test]
fn ranges_of_calls_are_met_from_their_least_to_their_most() {
    let mut vault = MockVault::new();
    vault.expect_get().with(eq("any"), always()).times(..).returning(|_, _| None);
    vault.expect_get().with(eq("some"), always()).times(1..=2).returning(|_, _| None);
    assert!(vault.verify().is_err(), "no call of `some` came yet");
    vault.get("some", 0);
    assert_eq!(vault.verify(), Ok(()));
    vault.get("some", 0);
    let third = panic_of(|| vault.get("some", 0));
    assert!(third.contains("called 2 of 1..=2"), "{third}");
}

#[test]
fn a_call_that_did_not_come_is_named_with_its_place_when_the_mock_is_dropped() {
    let mut vault = MockVault::new();
    let line = line!() + 1;
    vault.expect_get().with(eq("k"), always()).times(2).returning(|_, _| None);
    vault.get("k", 0);
    let report = panic_of(|| drop(vault));
    assert!(report.starts_with("MockVault: expected calls did not come\n"), "{report}");
    let place = format!("expect_get  {}:{line}:", file!());
    for text in [place.as_str(), "called 1 of 2", "key: eq(\"k\")", "depth: always()"] {
        assert!(report.contains(text), "`{text}` is not said: {report}");
    }
}

#[test]
fn an_unexpected_call_lists_its_arguments_and_every_expectation_with_its_place() {
    let mut vault = MockVault::new();
    let first = line!() + 1;
    vault.expect_get().with(eq("a"), always()).times(..).returning(|_, _| None);
    vault.expect_get().with(function(|key: &str| key == "b"), eq(3_u64)).times(..).returning(|_, _| None);
    let said = panic_of(|| vault.get("c", 7));
    assert!(said.starts_with("MockVault: unexpected call\n  call: get(key: \"c\", depth: 7)"), "{said}");
    for line in [first, first + 1] {
        assert!(said.contains(&format!("not:  {}:{line}:", file!())), "line {line} is not named: {said}");
    }
    assert!(said.contains("key: eq(\"a\")  depth: always()"), "{said}");
    assert!(said.contains("key: function(…)  depth: eq(3)"), "{said}");
}

#[test]
fn a_call_of_which_nothing_was_said_says_so() {
    let mut vault = MockVault::new();
    let said = panic_of(|| vault.put("k", &[1, 2]));
    assert_eq!(
        said,
        "MockVault: unexpected call\n  call: put(key: \"k\", value: [1, 2])\n  there is no expect_put"
    );
}

#[test]
fn a_panic_of_the_mock_points_at_the_caller() {
    use std::sync::{Arc, Mutex};
    let at = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&at);
    let before = std::panic::take_hook();
    let this = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == this {
            *seen.lock().expect("nobody panics here") =
                info.location().map(|place| (place.file().to_owned(), place.line()));
        } else {
            before(info);
        }
    }));
    let vault = MockVault::new();
    let line = line!() + 1;
    panic_of(|| vault.get("k", 0));
    drop(std::panic::take_hook());
    assert_eq!(*at.lock().expect("nobody panics here"), Some((file!().to_owned(), line)));
}

#[test]
fn an_expectation_without_a_result_says_what_to_add() {
    let mut vault = MockVault::new();
    vault.expect_get();
    let said = panic_of(|| vault.get("k", 0));
    assert!(said.contains("expect_get says nothing about its result: add `.returning(…)`"), "{said}");
}

#[test]
fn a_default_body_runs_unless_something_else_is_expected() {
    let mut vault = MockVault::new();
    vault.expect_get().with(eq("count"), eq(1_u64)).returning(|_, _| Some(vec![0; 3]));
    assert_eq!(vault.count(), 3, "the default body asks the mock itself");
    vault.expect_count().returning(|| 9);
    assert_eq!(vault.count(), 9);
    let again = panic_of(|| vault.count());
    assert!(again.contains("unexpected call\n  call: count()"), "{again}");
}

#[test]
fn an_argument_that_cannot_be_shown_shows_its_type() {
    let vault = MockVault::new();
    let said = panic_of(|| vault.hide(Secret { word: "xyzzy".to_owned() }));
    assert!(said.contains("call: hide(secret: <Secret>)"), "{said}");
    assert!(!said.contains("xyzzy"), "{said}");
}

#[test]
fn an_argument_that_cannot_be_shown_can_be_looked_at() {
    let mut vault = MockVault::new();
    vault
        .expect_hide()
        .with(function(|secret: &Secret| secret.word == "x"))
        .returning(|secret| secret.word.len() as u64);
    assert_eq!(vault.hide(Secret { word: "x".to_owned() }), 1);
}

#[test]
fn a_long_argument_is_cut_short() {
    let vault = MockVault::new();
    let said = panic_of(|| vault.get(&"ä".repeat(5000), 0));
    assert!(said.len() < 1000 && said.contains("…"), "{} bytes", said.len());
}

#[test]
fn a_mock_is_a_plugin_when_it_is_linked() {
    let mut mock = MockVault::new();
    mock.expect_put().with(eq("k"), eq([1, 2])).returning(|_, _| ());
    mock.expect_get().returning(|_, _| None);
    let mut vault = Plugin::<dyn Vault>::linked(mock);
    vault.put("k", &[1, 2]);
    assert_eq!(vault.get("k", 0), None);
}

#[test]
fn a_mock_in_a_plugin_is_verified_with_the_plugin() {
    let mut mock = MockVault::new();
    mock.expect_get().returning(|_, _| None);
    let vault = Plugin::<dyn Vault>::linked(mock);
    assert!(panic_of(|| drop(vault)).contains("expected calls did not come"));
}

#[test]
fn verify_reports_without_ending_the_mock() {
    let mut vault = MockVault::new();
    vault.expect_get().returning(|_, _| None);
    let report = vault.verify().expect_err("no call came yet");
    assert!(report.to_string().contains("called 0 of 1"), "{report}");
    vault.get("k", 0);
    assert_eq!(vault.verify(), Ok(()));
}

#[test]
fn a_mock_that_is_dropped_by_a_panic_leaves_the_first_panic_alone() {
    // A second panic here would abort the process, and with it every other test.
    let said = panic_of(|| {
        let mut vault = MockVault::new();
        vault.expect_get().returning(|_, _| None);
        panic!("the test failed for its own reason");
    });
    assert_eq!(said, "the test failed for its own reason");
}

#[test]
fn a_result_that_panics_can_be_asked_again() {
    let mut vault = MockVault::new();
    let mut first = true;
    vault.expect_get().times(2).returning(move |_, _| {
        assert!(!std::mem::take(&mut first), "the first call fails");
        None
    });
    assert!(panic_of(|| vault.get("k", 0)).contains("the first call fails"));
    assert_eq!(vault.get("k", 0), None);
}

#[test]
fn a_mock_may_be_called_from_several_threads() {
    let mut vault = MockVault::new();
    vault.expect_get().times(8).returning(|_, depth| Some(vec![u8::try_from(depth).expect("it is small")]));
    std::thread::scope(|scope| {
        for depth in 0..8 {
            let vault = &vault;
            scope.spawn(move || {
                assert_eq!(vault.get("k", depth).map(|found| u64::from(found[0])), Some(depth));
            });
        }
    });
}
