//! Objects and closures cross in every place where they can stand, both ways, and end where they should.

mod hostile;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/objects.rs"]
pub mod objects;
mod same;
#[allow(missing_docs, reason = "the names say it")]
pub mod versions;

use std::sync::{Mutex, MutexGuard, PoisonError};

use objects::{Bench, Session, Workshop};
use plugin_host::{FaultKind, Plugin};
use plugin_tests::fixture;

/// The plugin counts its sessions in one place: tests that look at the count take turns.
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn loaded() -> Plugin<dyn Workshop> {
    // SAFETY: the file is built by this test.
    unsafe { Plugin::load(fixture("objects")) }.unwrap()
}

/// Runs a body against the plugin that is loaded and the one that is linked in.
fn both(body: impl Fn(Plugin<dyn Workshop>)) {
    let _turn = turn();
    body(loaded());
    body(Plugin::linked(Bench::default()));
}

#[test]
fn sessions_are_handed_out_and_dropped_where_they_were_made() {
    both(same::sessions_are_handed_out_and_dropped_where_they_were_made);
}

#[test]
fn a_session_outlives_the_plugin_that_opened_it() {
    let _turn = turn();
    same::a_session_outlives_the_plugin_that_opened_it(loaded());
}

#[test]
fn objects_of_the_host_are_lent_and_given() {
    both(same::objects_of_the_host_are_lent_and_given);
}

#[test]
fn paths_are_lent_both_ways() {
    both(same::paths_are_lent_both_ways);
}

#[test]
fn a_service_is_kept_as_long_as_the_plugin_wants_it() {
    both(same::a_service_is_kept_as_long_as_the_plugin_wants_it);
}

#[test]
fn an_object_that_panics_is_a_fault_of_its_own() {
    let _turn = turn();
    same::an_object_that_panics_is_a_fault_of_its_own(loaded());
}

#[test]
fn closures_are_called_and_dropped() {
    both(same::closures_are_called_and_dropped);
}

#[test]
fn a_closure_is_lent_what_the_other_side_has() {
    both(same::a_closure_is_lent_what_the_other_side_has);
}

/// What a call says that panics.
fn said<R>(call: impl FnOnce() -> R) -> String {
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call));
    *panicked.map(drop).unwrap_err().downcast::<String>().unwrap()
}

#[test]
fn a_closure_that_panics_ends_the_call_and_not_the_process() {
    let _turn = turn();
    same::a_closure_that_panics_ends_the_call_and_not_the_process(loaded());
}

#[test]
fn a_fault_that_a_plugin_lets_pass_is_not_its_own() {
    let _turn = turn();
    let shop = loaded();
    let text = said(|| shop.each(1, &|_| panic!("the host's own closure")));
    let expected = "plugin libobjects.so: `fixture.workshop` each let a fault pass: plugin host: `fixture.workshop` \
                    Fn(u64) -> u64 panicked: the host's own closure\n";
    assert!(text.starts_with(expected), "{text}");
    for _ in 0..2 {
        said(|| shop.each(1, &|_| panic!("the host's own closure")));
        said(|| shop.until(vec!["a".to_owned()], &mut |_| panic!("the host's own closure")));
        said(|| shop.once(Box::new(|_| panic!("the host's own closure"))));
        said(|| shop.lend(&|session| session.last().parse::<u64>().unwrap()));
        said(|| shop.read(&Astray));
        assert!(shop.poison().is_none());
    }
    assert_eq!(shop.each(4, &|number| number * 10), 60);
}

#[test]
fn a_panic_of_the_plugins_own_after_a_fault_that_it_caught_is_its_own() {
    let mut shop = loaded();
    // It hears of the fault on a thread of its own, and panics because of it.
    shop.subscribe(Box::new(|_| panic!("the host's own closure")));
    let text = said(|| shop.publish("text"));
    assert!(text.starts_with("plugin libobjects.so: `fixture.workshop` publish panicked: "), "{text}");
    assert_eq!(shop.poison().map(|fault| fault.kind), Some(FaultKind::Panicked));
}

/// An object of the host's that panics.
struct Astray;

impl Session for Astray {
    fn add(&mut self, _: &str) -> u64 {
        panic!("the host's own object")
    }

    fn lines(&self) -> Vec<String> {
        panic!("the host's own object")
    }

    fn fork(&self) -> Box<dyn Session> {
        panic!("the host's own object")
    }

    fn last(&self) -> &str {
        panic!("the host's own object")
    }
}
