//! Methods that wait: under every executor, from every thread, to the end or not.

#[path = "waiting/same.rs"]
mod same;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/waiting.rs"]
pub mod waiting;

use std::sync::atomic::AtomicU64;

use futures::StreamExt as _;
use plugin_contracts::mock::{always, eq};
use plugin_contracts::plugin_impl;
use plugin_host::{LoadError, OnPanic, Plugin};
use plugin_tests::fixture;
use same::Up;
use waiting::{MockWaiting, Numbers, Patient, Waiting};

fn loaded() -> Plugin<dyn Waiting> {
    // SAFETY: the file is built by this test.
    unsafe { Plugin::load(fixture("waiting")) }.unwrap()
}

#[test]
fn under_every_executor() {
    for plugin in [loaded, || Plugin::linked(Patient::default())] {
        same::under_every_executor(plugin);
    }
}

#[test]
fn the_host_lends_its_runtime() {
    for plugin in [loaded(), Plugin::linked(Patient::default())] {
        same::the_host_lends_its_runtime(plugin);
    }
}

#[test]
fn a_future_that_is_dropped_is_dropped_in_the_plugin() {
    same::a_future_that_is_dropped_is_dropped_in_the_plugin(loaded());
}

#[test]
fn items_come_one_by_one_and_what_is_left_is_dropped() {
    for plugin in [loaded(), Plugin::linked(Patient::default())] {
        same::items_come_one_by_one_and_what_is_left_is_dropped(plugin);
    }
}

#[test]
fn a_waker_may_fire_when_the_future_is_gone() {
    same::a_waker_may_fire_when_the_future_is_gone(loaded());
}

#[test]
fn the_same_task_is_given_the_same_waker_again() {
    same::the_same_task_is_given_the_same_waker_again(loaded());
}

#[test]
fn a_panic_in_a_poll_is_a_fault_and_poisons() {
    same::a_panic_in_a_poll_is_a_fault_and_poisons(loaded());
}

/// The host's, and it breaks.
struct Breaks;

fn breaks() -> u64 {
    panic!("the host's own")
}

#[plugin_impl]
impl Numbers for Breaks {
    async fn next(&self) -> u64 {
        breaks()
    }
}

#[test]
fn a_fault_of_what_the_host_gave_passes_through_a_poll_and_poisons_nobody() {
    let mut plugin = loaded();
    let mut passes = |call: &mut dyn FnMut(&mut Plugin<dyn Waiting>)| {
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| call(&mut plugin)));
        let text = *panicked.unwrap_err().downcast::<String>().unwrap();
        assert!(
            text.contains("let a fault pass: plugin host: ") && text.contains("the host's own"),
            "{text}"
        );
        assert!(plugin.poison().is_none());
    };
    passes(&mut |plugin| {
        futures::executor::block_on(plugin.asks(Box::new(|_| panic!("the host's own"))));
    });
    passes(&mut |plugin| {
        futures::executor::block_on(plugin.sum(&Breaks, 1));
    });
    passes(&mut |plugin| {
        futures::executor::block_on(plugin.run(Box::pin(async { breaks() })));
    });
    passes(&mut |plugin| {
        plugin.add_up(Box::new((0..3).inspect(|_| panic!("the host's own"))));
    });
    passes(&mut |plugin| {
        let items = futures::stream::iter(0..3).inspect(|_| panic!("the host's own"));
        futures::executor::block_on(plugin.drain(Box::pin(items)));
    });
    assert_eq!(futures::executor::block_on(plugin.ready("four")), Ok(4));
}

#[test]
fn an_object_that_is_waited_for_is_not_constructed_again() {
    let options = Plugin::<dyn Waiting>::options().on_panic(OnPanic::Restart { at_most: 1 });
    // SAFETY: the file is built by this test.
    let error = unsafe { options.load(fixture("waiting")) }.unwrap_err();
    assert!(matches!(error, LoadError::CannotRestart { method: "ready", .. }), "{error}");
}

#[test]
fn a_mock_waits_too() {
    let mut mock = MockWaiting::new();
    mock.expect_ready().with(eq("name")).times(1..).returning(|_| Ok(7));
    mock.expect_sum().with(always(), eq(3)).returning(|_, count| u64::from(count));
    mock.expect_title().returning(|| "mock");
    let plugin = Plugin::<dyn Waiting>::linked(mock);
    futures::executor::block_on(async {
        assert_eq!(plugin.ready("name").await, Ok(7));
        assert_eq!(plugin.doubled("name").await, Ok(14), "the default body asks the mock");
        assert_eq!(plugin.sum(&Up(AtomicU64::new(0)), 3).await, 3);
        assert_eq!(plugin.title().await, "mock");
    });
}
