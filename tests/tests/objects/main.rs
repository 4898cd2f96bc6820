//! Objects and closures cross in every place where they can stand, both ways, and end where they should.

mod hostile;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/objects.rs"]
pub mod objects;
mod same;
#[allow(missing_docs, reason = "the names say it")]
pub mod versions;

use std::sync::{Mutex, MutexGuard, PoisonError};

use objects::{Bench, Workshop};
use plugin_host::Plugin;
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

#[test]
fn a_closure_that_panics_ends_the_call_and_not_the_process() {
    let _turn = turn();
    same::a_closure_that_panics_ends_the_call_and_not_the_process(loaded());
}
