//! Strict, verified when dropped, and open to spies.

use std::sync::Arc;
use std::time::{Duration, Instant};

use plugin_contracts::mock::{Sequence, always, eq, function};
use plugin_contracts::{FaultKind, Sink};
use plugin_host::Plugin;

use crate::vault::{Entry, MockVault, Real, Secret, Vault, VaultError};
use crate::{panic_of, refused};

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
    let refused = refused!(vault.read("k", Sink::new(&mut bytes)));
    assert!(refused.contains("[2 bytes] 01 6b"), "{refused}");
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
    let third = refused!(vault.get("some", 0));
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
    let place = format!("{}:{line}:", file!());
    for text in [place.as_str(), "called 1 of 2", "key: eq(\"k\")", "depth: always()"] {
        assert!(report.contains(text), "`{text}` is not said: {report}");
    }
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
    refused!(vault.get("k", 0));
    drop(std::panic::take_hook());
    assert_eq!(*at.lock().expect("nobody panics here"), Some((file!().to_owned(), line)));
}

#[test]
fn an_expectation_without_a_result_says_what_to_add() {
    let mut vault = MockVault::new();
    vault.expect_get();
    let said = refused!(vault.get("k", 0));
    assert!(said.contains("expect_get says nothing about its result: add `.returning(…)`"), "{said}");
}

#[test]
fn a_default_body_runs_unless_something_else_is_expected() {
    let mut vault = MockVault::new();
    vault.expect_get().with(eq("count"), eq(1_u64)).returning(|_, _| Some(vec![0; 3]));
    assert_eq!(vault.count(), 3, "the default body asks the mock itself");
    vault.expect_count().returning(|| 9);
    assert_eq!(vault.count(), 9);
    let again = refused!(vault.count());
    assert!(again.contains("call: count()"), "{again}");
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
fn an_unexpected_call_whose_panic_was_swallowed_is_told_when_the_mock_is_dropped() {
    let vault = Arc::new(MockVault::new());
    let lent = Arc::clone(&vault);
    // Nobody looks at what became of the thread.
    let _ = std::thread::spawn(move || lent.ping()).join();
    let said = panic_of(|| drop(vault));
    assert!(said.contains("call: ping()") && said.contains("its panic was caught"), "{said}");
}

#[test]
fn a_lenient_mock_answers_with_defaults() {
    let mut vault = MockVault::lenient();
    assert_eq!(vault.get("k", 0), None);
    assert_eq!(vault.hide(Secret { word: String::new() }), 0);
    assert_eq!(vault.name(), "");
    assert!(!vault.read("k", Sink::new(&mut Vec::new())));
    vault.put("k", &[]);
    assert_eq!(vault.count(), 7, "a default body is no less than a default");
    assert_eq!(vault.put_calls().len(), 1);
    let said = refused!(vault.add(Entry { key: String::new(), size: 0 }));
    assert!(said.contains("`add` is not expected, and its result has no default"), "{said}");
}

#[test]
fn a_lenient_mock_is_strict_where_it_was_told_something() {
    let mut vault = MockVault::lenient();
    vault.expect_ping().never();
    refused!(vault.ping());
    vault.expect_get().with(eq("k"), always()).returning(|_, _| Some(vec![1]));
    assert_eq!(vault.get("other", 0), None);
    assert_eq!(vault.get("k", 0), Some(vec![1]));
    assert!(refused!(vault.get("k", 0)).contains("no more calls are expected"));
}

#[test]
fn a_spy_asks_the_real_one_where_nobody_said_otherwise() {
    let mut vault = MockVault::wrapping(Real::default());
    vault.put("k", &[1, 2, 3]);
    vault.expect_get().with(eq("x"), always()).returning(|_, _| Some(vec![9]));
    assert_eq!(vault.get("k", 2), Some(vec![1, 2]));
    assert_eq!(vault.get("x", 2), Some(vec![9]));
    assert_eq!(vault.name(), "real");
    assert_eq!(vault.count(), 1, "the real one's own, not the default body");
    assert_eq!(vault.each(&|key| key.len() as u64), 1);
    let mut bytes = Vec::new();
    assert!(vault.read("abc", Sink::new(&mut bytes)));
    assert_eq!(bytes, b"abc");
    let calls = vault.get_calls();
    assert_eq!(calls[0].args, ("k".to_owned(), 2));
    assert_eq!(calls[0].result, Some(Some(vec![1, 2])));
    assert_eq!(vault.name_calls()[0].result.as_deref(), Some("real"));
}

#[test]
fn call_real_is_the_wrapped_object_or_the_default_body() {
    let mut vault = MockVault::wrapping(Real::default());
    vault.expect_count().times(2).call_real();
    assert_eq!((vault.count(), vault.count()), (0, 0));
    refused!(vault.count());

    let mut vault = MockVault::new();
    vault.expect_count().call_real();
    vault.expect_get().returning(|_, _| None);
    assert_eq!(vault.count(), 7);
    vault.expect_ping().call_real();
    let said = refused!(vault.ping());
    assert!(said.contains("make it by `wrapping(…)`"), "{said}");
}

#[test]
fn results_come_in_every_way() {
    let mut vault = MockVault::new();
    vault.expect_get().times(2).return_const(vec![1]);
    assert_eq!([vault.get("k", 0), vault.get("k", 0)], [Some(vec![1]), Some(vec![1])]);
    vault.expect_get().return_seq([Some(vec![2]), None]);
    assert_eq!([vault.get("k", 0), vault.get("k", 0)], [Some(vec![2]), None]);
    assert_eq!(vault.verify(), Ok(()), "as many calls are expected as there are results");
    let moved = Secret { word: "w".to_owned() };
    vault.expect_hide().return_once(move |_| moved.word.len() as u64);
    assert_eq!(vault.hide(Secret { word: String::new() }), 1);
    vault.expect_name().return_const("a name");
    assert_eq!(vault.name(), "a name");
    vault.expect_ping();
    vault.ping();
    let here = std::rc::Rc::new(5);
    vault.expect_hide().returning_st(move |_| *here);
    assert_eq!(vault.hide(Secret { word: String::new() }), 5);
}

#[test]
fn a_closure_that_stays_on_its_thread_is_not_called_on_another() {
    let mut vault = MockVault::new();
    let here = std::rc::Rc::new(5);
    vault.expect_hide().times(..).returning_st(move |_| *here);
    let vault = &vault;
    let said = std::thread::scope(|scope| {
        scope.spawn(|| panic_of(|| vault.hide(Secret { word: String::new() }))).join().expect("it was caught")
    });
    assert!(said.contains("on another thread"), "{said}");
    assert!(vault.verify().is_err());
    assert_eq!(vault.hide(Secret { word: String::new() }), 5);
}

#[test]
fn what_is_used_up_says_so() {
    let mut vault = MockVault::new();
    vault.expect_get().times(2).return_once(|_, _| None);
    vault.get("k", 0);
    assert!(refused!(vault.get("k", 0)).contains("has returned all that it has"));
    vault.expect_get().times(2).return_seq([None]);
    vault.get("k", 0);
    assert!(refused!(vault.get("k", 0)).contains("has returned all that it has"));
    vault.expect_get().times(2).return_once_st(|_, _| None);
    vault.get("k", 0);
    assert!(refused!(vault.get("k", 0)).contains("has returned all that it has"));
}

#[test]
fn a_fault_is_the_methods_error_or_a_panic() {
    let mut vault = MockVault::new();
    let entry = || Entry { key: "k".to_owned(), size: 1 };
    vault.expect_add().fail(FaultKind::Poisoned);
    let fault = "plugin mock: `test.vault` add was not called, the instance is poisoned";
    assert_eq!(vault.add(entry()), Err(VaultError::Fault(fault.to_owned())));
    vault.expect_add().fail("out of cheese");
    let Err(VaultError::Fault(said)) = vault.add(entry()) else { panic!("it is a fault") };
    assert_eq!(said, "plugin mock: `test.vault` add panicked: out of cheese");
    vault.expect_count().fail(FaultKind::InvalidResult);
    assert!(panic_of(|| vault.count()).contains("count returned an invalid result"));
}

#[test]
fn an_answer_may_take_its_time() {
    let mut vault = MockVault::new();
    vault.expect_ping().delay(Duration::from_millis(20));
    let start = Instant::now();
    vault.ping();
    // Not how long it took: that it waited at all.
    assert!(start.elapsed() >= Duration::from_millis(20));
}

#[test]
fn a_checkpoint_verifies_and_begins_anew() {
    let mut vault = MockVault::new();
    vault.expect_ping();
    vault.ping();
    vault.checkpoint();
    assert_eq!(vault.ping_calls().len(), 0);
    assert!(refused!(vault.ping()).contains("there is no expect_ping since the checkpoint at"));
    vault.expect_ping();
    assert!(panic_of(|| vault.checkpoint()).contains("called 0 of 1"));
    assert_eq!(vault.verify(), Ok(()), "what was told is over");
}

#[test]
fn a_sequence_spans_mocks_and_ranges() {
    let (mut one, mut two, mut order) = (MockVault::new(), MockVault::new(), Sequence::new());
    one.expect_ping().times(1..).in_sequence(&mut order);
    two.expect_get().times(..2).in_sequence(&mut order).returning(|_, _| None);
    one.expect_count().in_sequence(&mut order).return_const(3_u64);
    assert!(refused!(two.get("k", 0)).contains("out of order: it waits for"));
    one.ping();
    one.ping();
    two.get("k", 0);
    assert!(refused!(one.ping()).contains("behind it was called already"));
    assert_eq!(one.count(), 3);
}

#[test]
fn the_log_has_what_came_in_order() {
    let mut vault = MockVault::lenient().with_times();
    vault.put("a", &[1]);
    let (here, before) = (line!() + 1, Instant::now());
    vault.hide(Secret { word: "x".to_owned() });
    vault.put("b", &[]);
    let (puts, hides) = (vault.put_calls(), vault.hide_calls());
    assert_eq!(puts.iter().map(|call| &*call.args.0).collect::<Vec<_>>(), ["a", "b"]);
    assert!(puts[0].order < hides[0].order && hides[0].order < puts[1].order);
    assert_eq!(hides[0].thread, std::thread::current().id());
    assert_eq!((hides[0].at.file(), hides[0].at.line()), (file!(), here));
    assert!(hides[0].time >= Some(before) && hides[0].time <= puts[1].time);
    let untimed = MockVault::lenient();
    untimed.ping();
    assert_eq!(untimed.ping_calls()[0].time, None, "nobody asked for it");
    assert!(hides[0].args.0.get().is_none(), "it cannot be copied");
    assert_eq!(
        format!("{puts:?} {hides:?}"),
        "[put(key: \"a\", value: [1]) -> (), put(key: \"b\", value: []) -> ()] [hide(secret: <Secret>) -> 0]"
    );
}

#[test]
fn the_log_keeps_an_authors_type_that_can_be_copied() {
    let mut vault = MockVault::new();
    vault.expect_add().returning(|_| Err(VaultError::Gone));
    let entry = Entry { key: "k".to_owned(), size: 1 };
    assert!(vault.add(entry.clone()).is_err());
    let calls = vault.add_calls();
    assert_eq!(calls[0].args.0, entry);
    assert_eq!(calls[0].args.0.size, 1);
    assert_eq!(*calls[0].result.clone().expect("it returned"), Err(VaultError::Gone));
}

#[test]
fn a_call_that_panicked_is_in_the_log_without_a_result() {
    let mut vault = MockVault::new();
    vault.expect_count().returning(|| panic!("no"));
    panic_of(|| vault.count());
    assert_eq!(vault.count_calls()[0].result, None);
}

#[test]
fn a_mock_without_log_keeps_nothing() {
    let vault = MockVault::lenient().without_log();
    vault.ping();
    assert!(vault.ping_calls().is_empty());
}

#[test]
fn a_closure_may_call_the_mock() {
    let mut vault = MockVault::new();
    vault.expect_name().return_const("n");
    vault.expect_each().returning(|visit| visit("one") + visit("two"));
    vault.expect_each().returning(|visit| visit("nested"));
    vault.expect_get().times(2).returning(|key, _| Some(key.as_bytes().to_vec()));
    let vault = &vault;
    let once = std::cell::Cell::new(false);
    let sum = vault.each(&|key| {
        let more =
            if once.replace(true) { vault.name().len() as u64 } else { vault.each(&|key| key.len() as u64) };
        vault.get(key, 0).map_or(0, |key| key.len() as u64) + more
    });
    assert_eq!(sum, 3 + 6 + 3 + 1, "the expectation whose closure runs makes way for the next");
}

#[test]
fn a_closure_that_calls_itself_through_the_mock_is_told() {
    let mut vault = MockVault::new();
    vault.expect_each().times(..).returning(|visit| visit("again"));
    let vault = &vault;
    let said = panic_of(|| vault.each(&|_| vault.each(&|_| 1)));
    assert!(said.contains("its closure is what makes this call"), "{said}");
    assert!(vault.verify().is_err());
}

#[test]
fn a_call_while_a_panic_goes_by_does_not_end_the_process() {
    struct Closes<'a>(&'a MockVault);
    impl Drop for Closes<'_> {
        fn drop(&mut self) {
            // Nobody expects these; a panic here would be the second.
            self.0.ping();
            let Err(VaultError::Fault(said)) = self.0.add(Entry { key: "k".to_owned(), size: 1 }) else {
                panic!("it is a fault")
            };
            assert!(said.contains("unexpected call"), "{said}");
        }
    }
    let vault = MockVault::new();
    let said = panic_of(|| {
        let _closes = Closes(&vault);
        panic!("the first");
    });
    assert_eq!(said, "the first");
    let report = vault.verify().expect_err("two calls were unexpected").to_string();
    assert!(report.contains("call: ping()") && report.contains("call: add("), "{report}");
}

#[test]
fn a_mock_of_an_older_version_lacks_what_came_later() {
    let mut vault = MockVault::at_version("1.0.0");
    vault.expect_get().returning(|_, _| Some(vec![1, 2]));
    assert_eq!(Plugin::<dyn Vault>::linked(vault).count(), 2, "the default body stands in");
    let said = panic_of(|| {
        let mut vault = MockVault::at_version("1.0.9");
        vault.expect_count();
    });
    assert_eq!(
        said,
        "`count` came with 1.1.0, and this mock is of 1.0.9: what calls it gets its default body"
    );
    let mut vault = MockVault::at_version("1.1.0");
    vault.expect_count().return_const(5_u64);
    assert_eq!(vault.count(), 5);
    assert!(
        panic_of(|| MockVault::at_version("1.2.0")).contains("later than the contract, which is of 1.1.0")
    );
    assert!(panic_of(|| MockVault::at_version("1.0")).contains("is no version of a contract"));
}

#[test]
fn predicates_of_every_kind() {
    use plugin_contracts::mock::{both, either, ge, gt, in_range, le, lt, ne, not, str};
    let mut vault = MockVault::lenient();
    let mut answers = Vec::new();
    macro_rules! admits {
        ($key:expr, $depth:expr; $($call:expr),*) => {{
            vault.checkpoint();
            vault.expect_get().with($key, $depth).times(..).returning(|_, _| Some(vec![]));
            $({ let (key, depth) = $call; answers.push(vault.get(key, depth).is_some()); })*
            std::mem::take(&mut answers)
        }};
    }
    assert_eq!(admits!(str::starts_with("a"), always(); ("ab", 0), ("ba", 0)), [true, false]);
    assert_eq!(admits!(str::ends_with("a"), always(); ("ab", 0), ("ba", 0)), [false, true]);
    assert_eq!(admits!(str::contains("b"), always(); ("abc", 0), ("ac", 0)), [true, false]);
    assert_eq!(admits!(str::is_like("a*c"), always(); ("abbc", 0), ("ab", 0)), [true, false]);
    assert_eq!(admits!(str::eq_ignore_ascii_case("A"), always(); ("a", 0), ("b", 0)), [true, false]);
    assert_eq!(admits!(ne("a"), gt(1_u64); ("a", 2), ("b", 2), ("b", 1)), [false, true, false]);
    assert_eq!(admits!(always(), lt(1_u64); ("a", 0), ("a", 1)), [true, false]);
    assert_eq!(admits!(always(), ge(1_u64); ("a", 0), ("a", 1)), [false, true]);
    assert_eq!(admits!(always(), le(1_u64); ("a", 1), ("a", 2)), [true, false]);
    assert_eq!(admits!(always(), in_range(1..3_u64); ("a", 0), ("a", 2), ("a", 3)), [false, true, false]);
    assert_eq!(
        admits!(not(eq("a")), either(eq(1_u64), eq(2_u64)); ("b", 2), ("a", 2), ("b", 3)),
        [true, false, false]
    );
    assert_eq!(
        admits!(|key: &str| key.len() == 2, both(gt(1_u64), lt(4_u64)); ("ab", 2), ("a", 2)),
        [true, false]
    );
    vault.checkpoint();
    vault
        .expect_get()
        .withf(|key, depth| key.len() as u64 == *depth)
        .times(..)
        .returning(|_, _| Some(vec![]));
    assert_eq!([vault.get("ab", 2), vault.get("ab", 3)], [Some(vec![]), None]);
}
