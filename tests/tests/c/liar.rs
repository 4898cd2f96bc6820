//! Plugins in C that hand over what nothing is: iterators that do not end, closures without code, objects of others, wakers that
//! come back twice. What can be seen at once is refused in words; the rest is the plugin's duty, and listed in `docs/c.md`.

use std::env;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use plugin_contracts::{BoxStream, PluginFault, PluginType, Sink, plugin_contract};
use plugin_host::Plugin;
use plugin_tests::child;
use plugin_tests::compiler::{Compiler, Language};

use super::{build, header};

/// Names the plugin for the child.
const PATH_VAR: &str = "PLUGIN_TESTS_PATH";

/// What the host says of a call.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub enum Fault {
    /// The fault's text.
    Said(String),
}

impl From<PluginFault> for Fault {
    fn from(fault: PluginFault) -> Self {
        Self::Said(fault.message)
    }
}

/// Plain.
#[derive(Debug, Clone, Copy, PartialEq, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Word(pub u32);

/// An object.
#[plugin_contract(id = "test.part", version = "1.0.0", unlocked)]
pub trait Part: Send + Sync {
    /// Of two values.
    fn flag(&self) -> bool;
    /// Borrowed.
    fn name(&self) -> &str;
}

/// Everything that can be wrong.
#[plugin_contract(id = "test.liar", version = "1.0.0", unlocked)]
#[allow(missing_docs, reason = "what is wrong is said by the number, in `liar.c`")]
pub trait Liar: Send + Sync {
    fn items(&self, how: u32) -> Result<Box<dyn Iterator<Item = String> + '_>, Fault>;
    fn closure(&self, how: u32) -> Box<dyn Fn(u8) -> bool + Send + Sync>;
    fn calls_twice(&self, once: Box<dyn FnOnce(u8) -> u8 + Send>) -> Result<u8, Fault>;
    fn object(&self, how: u32) -> Result<Box<dyn Part>, Fault>;
    fn short_object(&self) -> Result<Arc<dyn Part>, Fault>;
    fn text(&self, how: u32) -> Result<&str, Fault>;
    fn words(&self, how: u32) -> Result<&[Word], Fault>;
    fn path(&self) -> Result<&Path, Fault>;
    async fn later(&self, how: u32) -> Result<u8, Fault>;
    fn stream(&self, how: u32) -> Result<BoxStream<'_, u8>, Fault>;
    fn sink(&self, sink: Sink<'_>, how: u32) -> bool;
    fn twice(&self) -> Result<Vec<u8>, Fault>;
    /// How often something was given back since it was last asked.
    fn gone(&self) -> u32;
}

type It = Plugin<dyn Liar>;

fn loaded(library: &Path) -> It {
    // SAFETY: the file was built by this test, and breaks no promise but those under test.
    unsafe { Plugin::load(library) }.unwrap()
}

/// How often something was given back since it was last asked: what is wrong poisons an object, so another one says it.
fn gone(library: &Path) -> u32 {
    loaded(library).gone()
}

/// What is said of a result that is refused.
#[track_caller]
fn refused<T>(result: Result<T, Fault>, expected: &str) {
    match result {
        Ok(_) => panic!("it was taken, where `{expected}` was to be said"),
        Err(Fault::Said(text)) => assert_eq!(text, expected),
    }
}

/// What is said where nothing but a panic can say it.
#[track_caller]
fn panics<T>(body: impl FnOnce() -> T, expected: &str) {
    let Err(payload) = catch_unwind(AssertUnwindSafe(body)) else { panic!("it was taken") };
    let text = payload.downcast::<String>().expect("a fault is a text");
    assert!(text.contains(expected), "{text}");
}

const NO_TEXT: &str = "the text is not UTF-8";
const NULL: &str = "the pointer is null though the length is not 0";
const CROOKED: &str = "the pointer is not aligned for its type";
const TOO_LONG: &str = "the length is larger than memory or than its own capacity";

fn missing(name: &str) -> String {
    format!("`{name}` is null, and must not be")
}

fn items_are_looked_at(library: &Path) {
    let it = loaded(library);
    let mut endless = it.items(0).unwrap();
    assert_eq!(endless.by_ref().take(1000).filter(|item| item == "again").count(), 1000);
    assert_eq!(endless.size_hint(), (0, None), "how many there are nobody says, so nobody lies");
    drop(endless);
    assert_eq!(gone(library), 1, "as soon as its host has enough");
    let mut ended = it.items(1).unwrap();
    assert_eq!((ended.next(), ended.next(), ended.next()), (None, None, None), "it is not asked again");
    drop(ended);
    for (how, expected) in [
        (2, "`Option` has no variant with tag 2"),
        (3, NO_TEXT),
        (4, "is unsupported: status 99"),
        (5, "is unsupported: status 4"),
        (6, "panicked: out of items"),
    ] {
        let mut items = it.items(how).unwrap();
        panics(|| items.next(), expected);
        assert_eq!(items.next(), None, "it is not asked again");
    }
    assert_eq!(gone(library), 5);
    refused(it.items(7).map(drop), &missing("next"));
    assert_eq!(gone(library), 1, "what it holds is given back");
    let it = loaded(library);
    refused(it.items(8).map(drop), &missing("drop"));
}

fn closures_are_looked_at(library: &Path) {
    let it = loaded(library);
    panics(|| it.closure(0), &missing("call"));
    assert_eq!(gone(library), 1, "what it holds is given back");
    let it = loaded(library);
    panics(|| it.closure(1), &missing("object"));
    assert_eq!(gone(library), 0, "there is nothing to give back");
    let it = loaded(library);
    let closure = it.closure(2);
    assert!(closure(1) && !closure(0));
    panics(|| closure(2), "a bool is 0 or 1, found 2");
    panics(|| closure(1), "the instance is poisoned");
    panics(|| it.closure(2)(99), "status 99");
    drop(closure);
    assert_eq!(gone(library), 2);
    let it = loaded(library);
    let held = Arc::new(());
    let kept = Arc::clone(&held);
    let once = move |number| {
        let _ = &kept;
        number
    };
    refused(it.calls_twice(Box::new(once)), "argument `self`: it can be called once, and was");
    assert_eq!(Arc::strong_count(&held), 1);
}

fn objects_are_looked_at(library: &Path) {
    let contract = "the object is one of another contract";
    for (how, given_back, expected) in [
        (0, 0, &*missing("object")),
        (1, 0, &*missing("table")),
        (2, 0, CROOKED),
        (3, 0, "a box that holds no field, or that nothing gives back"),
        (4, 0, contract),
        (5, 1, contract),
        (6, 1, NULL),
        (7, 1, CROOKED),
        (8, 1, "the object has no method `name`"),
    ] {
        let it = loaded(library);
        refused(it.object(how).map(drop), expected);
        assert_eq!(gone(library), given_back, "{how}");
    }
    let it = loaded(library);
    refused(it.short_object().map(drop), "the object has no method `name`");
    assert_eq!(gone(library), 1);
    let it = loaded(library);
    let part = it.object(9).unwrap();
    assert_eq!(part.name(), "part");
    panics(
        || part.flag(),
        "plugin liar: `test.part` flag returned an invalid result: a bool is 0 or 1, found 2",
    );
    panics(|| part.name(), "`flag` failed before");
    drop(part);
    assert_eq!(gone(library), 1);
}

fn borrowed_results_are_looked_at(library: &Path) {
    for (how, expected) in [(0, NO_TEXT), (1, NULL), (2, TOO_LONG)] {
        refused(loaded(library).text(how).map(str::len), expected);
    }
    for (how, expected) in [(0, NULL), (1, CROOKED), (2, TOO_LONG)] {
        refused(loaded(library).words(how).map(<[Word]>::len), expected);
    }
    refused(loaded(library).path().map(Path::is_absolute), NULL);
}

/// Counts how often it was woken.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

type Later<'a> = Pin<Box<dyn Future<Output = Result<u8, Fault>> + Send + 'a>>;

fn polled(later: &mut Later<'_>, waker: &Waker) -> Poll<Result<u8, Fault>> {
    later.as_mut().poll(&mut Context::from_waker(waker))
}

fn futures_are_looked_at(library: &Path) {
    let noop = Waker::noop();
    let ready = |how| match polled(&mut loaded(library).later(how), noop) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("it is pending"),
    };
    refused(ready(0), "`Result` has no variant with tag 7");
    refused(ready(1), "status 99");
    refused(ready(10), &missing("poll"));
    refused(ready(11), &missing("drop"));
    assert_eq!(gone(library), 3);
    let it = loaded(library);
    refused(futures::executor::block_on(it.later(10)), &missing("poll"));
    assert_eq!(gone(library), 1, "what it holds is given back");
    // A destructor that fails is told on stderr, and nothing else.
    assert_eq!(futures::executor::block_on(loaded(library).later(12)), Ok(5));

    for how in [2, 3] {
        let it = loaded(library);
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&woken));
        let mut later = it.later(how);
        assert!(polled(&mut later, &waker).is_pending());
        assert!(woken.0.load(Ordering::SeqCst) > 0, "whoever waits hears of it");
        let Poll::Ready(result) = polled(&mut later, &waker) else { panic!("it is pending") };
        let twice = "a waker was given back more often than it was kept";
        refused(result, twice);
        drop(later);
        assert_eq!(gone(library), 1);
        drop(waker);
        assert_eq!(Arc::strong_count(&woken), 1, "and nobody has it");
    }
    let lent = loaded(library);
    let mut later = lent.later(4);
    assert!(polled(&mut later, noop).is_pending());
    assert_eq!(polled(&mut later, noop), Poll::Ready(Ok(5)), "what is lent is not given back");

    let next = |stream: &mut BoxStream<'_, u8>| stream.as_mut().poll_next(&mut Context::from_waker(noop));
    let it = loaded(library);
    let mut ended = it.stream(0).unwrap();
    assert_eq!((next(&mut ended), next(&mut ended)), (Poll::Ready(None), Poll::Ready(None)));
    panics(|| next(&mut it.stream(2).unwrap()), "`Option` has no variant with tag 2");
    panics(|| next(&mut it.stream(3).unwrap()), "status 99");
    refused(it.stream(1).map(drop), &missing("poll"));
    drop((later, ended));
    assert_eq!(gone(library), 5);
}

fn the_rest_is_looked_at(library: &Path) {
    let it = loaded(library);
    for (how, room) in [(0, false), (1, false), (2, false), (3, true)] {
        let mut bytes = Vec::with_capacity(10);
        bytes.push(7);
        assert_eq!(it.sink(Sink::new(&mut bytes), how), room, "{how}");
        assert_eq!(bytes, [7]);
    }
    // Read once and given back once, each: what was read stays what it was.
    let (first, second) = (it.twice().unwrap(), it.twice().unwrap());
    assert_eq!((&*first, &*second, gone(library)), (&[7; 3][..], &[0xdd; 3][..], 2));
}

fn everything(library: &Path) {
    items_are_looked_at(library);
    closures_are_looked_at(library);
    objects_are_looked_at(library);
    borrowed_results_are_looked_at(library);
    futures_are_looked_at(library);
    the_rest_is_looked_at(library);
}

#[test]
fn what_is_handed_over_is_refused_with_what_is_wrong() {
    for compiler in Compiler::all_of(Language::C, "liar") {
        let built = build(compiler, "liar.c", &[("test_liar.h", &header::<dyn Liar>())]);
        everything(&built.unwrap_or_else(|said| panic!("{}: {said}", compiler.name)).library);
    }
}

#[test]
fn what_is_handed_over_and_refused_is_not_read_and_is_given_back() {
    let Some(compiler) = Compiler::any(Language::C, "liar under valgrind") else { return };
    let built = build(compiler, "liar.c", &[("test_liar.h", &header::<dyn Liar>())]).unwrap();
    let child = child::command("liar::child_is_handed_what_nothing_is");
    if let Some(mut valgrind) = child::under_valgrind(&child) {
        let _ = child::run(valgrind.env(PATH_VAR, &built.library));
    }
}

#[test]
#[ignore = "a child of `what_is_handed_over_and_refused_is_not_read_and_is_given_back`"]
fn child_is_handed_what_nothing_is() {
    if let Some(library) = env::var_os(PATH_VAR).map(PathBuf::from) {
        everything(&library);
    }
}
