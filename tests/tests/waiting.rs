//! Methods that wait: under every executor, from every thread, to the end or not.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/waiting.rs"]
pub mod waiting;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use futures::StreamExt as _;
use plugin_contracts::mock::{always, eq};
use plugin_contracts::plugin_impl;
use plugin_contracts::runtime::Runtime;
use plugin_host::{LoadError, OnPanic, Plugin};
use plugin_tests::fixture;
use waiting::{FetchError, MockWaiting, Numbers, Patient, Waiting};

fn loaded() -> Plugin<dyn Waiting> {
    // SAFETY: the file is built by this test.
    unsafe { Plugin::load(fixture("waiting")) }.unwrap()
}

/// Wakes nobody and counts how often it was asked to.
#[derive(Default)]
struct Counts(AtomicUsize);

impl Wake for Counts {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn poll_once<T>(future: &mut Pin<Box<dyn Future<Output = T> + Send + '_>>, waker: &Waker) -> Poll<T> {
    future.as_mut().poll(&mut Context::from_waker(waker))
}

struct Up(AtomicU64);

#[plugin_impl]
impl Numbers for Up {
    async fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// Everything, under whatever executor runs it.
async fn all(mut plugin: Plugin<dyn Waiting>) {
    assert_eq!(plugin.ready("name").await, Ok(4));
    assert_eq!(plugin.ready("").await, Err(FetchError::Nothing { name: String::new() }));
    assert_eq!(plugin.rounds("ab", 3).await, Ok("ababab".to_owned()));
    assert_eq!(plugin.sum(&Up(AtomicU64::new(1)), 4).await, 10);
    let most = 3;
    assert_eq!(plugin.asks(Box::new(move |number| number < most)).await, [0, 1, 2]);
    assert_eq!(plugin.run(Box::pin(async { 41 })).await, 42);
    let later = plugin.later(5);
    assert_eq!(plugin.doubled("four").await, Ok(8));
    assert_eq!(plugin.title().await, "patient");
    assert_eq!(later.await, 5);
    let both = futures::future::join(plugin.rounds("a", 2), plugin.rounds("b", 3)).await;
    assert_eq!(both, (Ok("aa".to_owned()), Ok("bbb".to_owned())));
    assert_eq!(plugin.ticks(4).collect::<Vec<_>>().await, [3, 2, 1, 0]);
    let items = futures::stream::iter([1, 2, 3]).then(|item| async move { item * 2 });
    assert_eq!(plugin.drain(Box::pin(items)).await, 12);
}

#[test]
fn under_every_executor() {
    for plugin in [loaded, || Plugin::linked(Patient::default())] {
        futures::executor::block_on(all(plugin()));
        smol::block_on(all(plugin()));
        let current = tokio::runtime::Builder::new_current_thread().build().unwrap();
        current.block_on(all(plugin()));
        let many = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        // Spawned, so that the future goes from thread to thread.
        many.block_on(async { tokio::spawn(all(plugin())).await }).unwrap();
        assert_eq!(futures::executor::block_on(plugin().here(2)), 42);
    }
}

/// A host's runtime, over tokio.
struct Tokio(tokio::runtime::Handle);

#[plugin_impl]
impl Runtime for Tokio {
    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()> + Send>>) {
        self.0.spawn(task);
    }

    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    fn spawn_blocking(&self, work: Box<dyn FnOnce() + Send>) {
        self.0.spawn_blocking(work);
    }
}

#[test]
fn the_host_lends_its_runtime() {
    for plugin in [loaded(), Plugin::linked(Patient::default())] {
        let many =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
        let runtime: Arc<dyn Runtime> = Arc::new(Tokio(many.handle().clone()));
        assert_eq!(many.block_on(plugin.works(Arc::clone(&runtime))), 11);
    }
}

#[test]
fn a_future_that_is_dropped_is_dropped_in_the_plugin() {
    let plugin = loaded();
    let waker = Waker::noop();
    let mut forever = plugin.forever();
    assert_eq!(plugin.running(), 0, "nothing runs before it is polled");
    assert!(poll_once(&mut forever, waker).is_pending());
    assert_eq!(plugin.running(), 1);
    drop(forever);
    assert_eq!(plugin.running(), 0);
    drop(plugin.forever());
    assert_eq!(plugin.running(), 0);
}

#[test]
fn items_come_one_by_one_and_what_is_left_is_dropped() {
    for plugin in [loaded(), Plugin::linked(Patient::default())] {
        let mut names = plugin.names("x").unwrap();
        assert_eq!(plugin.running(), 1);
        assert_eq!(names.next().as_deref(), Some("one-x"));
        assert_eq!(names.by_ref().collect::<Vec<_>>(), ["two-x", "three-x"]);
        assert_eq!(names.next(), None);
        drop(names);
        assert_eq!(plugin.running(), 0, "it was dropped where it was made");
        assert!(matches!(plugin.names("").map(|_| ()), Err(FetchError::Nothing { .. })));
        let held = Arc::new(());
        let kept = Arc::clone(&held);
        let items = [1, 2, 0, 5].into_iter().inspect(move |_| drop(Arc::clone(&kept)));
        assert_eq!(plugin.add_up(Box::new(items)), 3);
        assert_eq!(Arc::strong_count(&held), 1);
    }
}

#[test]
fn a_waker_may_fire_when_the_future_is_gone() {
    let plugin = loaded();
    let counts = Arc::new(Counts::default());
    let waker = Waker::from(Arc::clone(&counts));
    let mut parks = plugin.parks();
    for _ in 0..3 {
        assert!(poll_once(&mut parks, &waker).is_pending());
    }
    drop(parks);
    plugin.wakes();
    assert_eq!(counts.0.load(Ordering::SeqCst), 2, "by reference, and by value");
    drop(waker);
    assert_eq!(Arc::strong_count(&counts), 1, "nobody keeps it");
}

#[test]
fn the_same_task_is_given_the_same_waker_again() {
    let plugin = loaded();
    let counts = Arc::new(Counts::default());
    let (one, other) = (Waker::from(Arc::clone(&counts)), Waker::from(Arc::new(Counts::default())));
    let mut parks = plugin.parks();
    assert!(poll_once(&mut parks, &one).is_pending());
    let kept = Arc::strong_count(&counts);
    assert!(poll_once(&mut parks, &one).is_pending());
    assert_eq!(Arc::strong_count(&counts), kept);
    assert!(poll_once(&mut parks, &other).is_pending());
    assert_eq!(Arc::strong_count(&counts), kept - 1, "the other task's is kept instead");
}

#[test]
fn a_panic_in_a_poll_is_a_fault_and_poisons() {
    let plugin = loaded();
    let FetchError::Fault(text) = futures::executor::block_on(plugin.fails()).unwrap_err() else {
        panic!("a fault")
    };
    assert!(
        text.starts_with("plugin libwaiting.so: `fixture.waiting` fails panicked: after a round, at "),
        "{text}"
    );
    let FetchError::Fault(text) = futures::executor::block_on(plugin.ready("name")).unwrap_err() else {
        panic!("a fault")
    };
    assert!(text.contains("`fails` failed before"), "{text}");
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
