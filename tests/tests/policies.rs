//! What becomes of an instance that panicked: poisoned, kept, or constructed again.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/panicky.rs"]
pub mod panicky;

use std::panic::{AssertUnwindSafe, catch_unwind};

use panicky::{Account, How, Mishap, Open, Panicky, Trouble};
use plugin_host::{FaultKind, OnPanic, Plugin};
use plugin_tests::fixture;

fn load(policy: OnPanic, config: &[(&str, &str)]) -> Plugin<dyn Panicky> {
    let options = Plugin::<dyn Panicky>::options().on_panic(policy);
    let options = config.iter().fold(options, |options, (key, value)| options.config(*key, *value));
    // SAFETY: the file is built by this test.
    unsafe { options.load(fixture("panicky")) }.unwrap()
}

fn account<T: std::fmt::Debug>(result: Result<T, Trouble>) -> Account {
    match result {
        Err(Trouble::Fault(account)) => account,
        other => panic!("expected a fault as an error, got {other:?}"),
    }
}

/// Adds to the object, and lets it panic half way through.
fn fail(plugin: &mut Plugin<dyn Panicky>) {
    catch_unwind(AssertUnwindSafe(|| plugin.bump(1, How::Literal))).unwrap_err();
}

#[test]
fn an_instance_that_is_kept_goes_on_and_each_fault_is_told() {
    let mut plugin = load(OnPanic::Keep, &[("total", "10")]);
    for _ in 0..3 {
        assert_eq!(account(plugin.typed(How::Literal)).kind, "Panicked");
    }
    fail(&mut plugin);
    assert_eq!(plugin.bump(1, How::Not), 12, "what the panic left stays");
    assert_eq!(plugin.poison(), None);
    plugin.close().unwrap();
}

#[test]
fn an_instance_that_is_constructed_again_begins_with_its_configuration() {
    let mut plugin = load(OnPanic::Restart { at_most: 1 }, &[("total", "10")]);
    assert_eq!(plugin.bump(5, How::Not), 15);
    fail(&mut plugin);
    assert_eq!(plugin.total(1), 10, "not 16");
    assert_eq!(plugin.bump(5, How::Not), 15, "not 21");
    fail(&mut plugin);
    assert_eq!(plugin.bump(5, How::Not), 15, "a call that went well begins the count anew");
    assert_eq!(plugin.poison(), None);
    plugin.close().unwrap();
}

#[test]
fn an_instance_that_fails_too_often_in_a_row_is_poisoned() {
    let plugin = load(OnPanic::Restart { at_most: 2 }, &[]);
    for _ in 0..3 {
        assert_eq!(account(plugin.typed(How::Literal)).kind, "Panicked");
        assert_eq!(plugin.poison(), None, "nobody has asked for another");
    }
    for _ in 0..2 {
        let Account { kind, message, .. } = account(plugin.typed(How::Not));
        assert_eq!(kind, "Poisoned");
        assert!(message.starts_with("`typed` failed before: a literal, at "), "{message}");
        assert!(message.ends_with("; it was constructed again as often as it may be"), "{message}");
    }
    assert_eq!(plugin.poison().map(|fault| fault.kind), Some(FaultKind::Panicked));
    plugin.close().unwrap();
}

#[test]
fn a_constructor_that_refuses_later_is_told_and_asked_again() {
    let plugin = load(OnPanic::Restart { at_most: 2 }, &[("constructor", "once")]);
    assert_eq!(account(plugin.typed(How::Literal)).kind, "Panicked");
    for times in [2, 3] {
        let Account { kind, message, .. } = account(plugin.typed(How::Not));
        let expected = format!(
            "could not be constructed again: libpanicky.so: the constructor refused: made {times} times"
        );
        assert!(kind == "Poisoned" && message.ends_with(&expected), "{message}");
    }
    assert!(account(plugin.typed(How::Not)).message.ends_with("as often as it may be"));
    plugin.close().unwrap();
}

#[test]
fn a_destructor_that_panics_does_not_keep_the_next_object_away() {
    let plugin = load(OnPanic::Restart { at_most: 1 }, &[("drop", "panic")]);
    assert_eq!(account(plugin.typed(How::Literal)).kind, "Panicked");
    assert_eq!(plugin.typed(How::Not), Ok(1));
    assert_eq!(plugin.close().unwrap_err().method, "drop");
}

#[test]
fn many_threads_in_flight_hear_of_their_own_panics_only() {
    let plugin = load(OnPanic::Restart { at_most: u32::MAX }, &[]);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let plugin = &plugin;
            scope.spawn(move || {
                for call in 0..200 {
                    let panics = (call + thread * 5) % 19 == 0;
                    let done = plugin.linger(call % 7 * 20, if panics { How::Literal } else { How::Not });
                    if panics {
                        assert_eq!(account(done).kind, "Panicked");
                    } else {
                        assert_eq!(done, Ok(0), "no object went while somebody was inside");
                    }
                }
            });
        }
    });
    plugin.close().unwrap();
}

#[test]
fn a_fault_becomes_an_open_error_too() {
    // SAFETY: the file is built by this test.
    let plugin = unsafe { Plugin::<dyn Open>::load(fixture("panicky")) }.unwrap();
    assert_eq!(plugin.may(How::Not), Ok(4));
    let fault = |kind: &str| Err(Mishap::Fault { kind: kind.to_owned(), method: "may".to_owned() });
    assert_eq!(plugin.may(How::Literal), fault("Panicked"));
    assert_eq!(plugin.may(How::Not), fault("Poisoned"));
}
