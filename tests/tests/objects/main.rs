//! Objects and closures cross in every place where they can stand, both ways, and end where they should.

mod hostile;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/objects.rs"]
pub mod objects;
#[allow(missing_docs, reason = "the names say it")]
pub mod versions;

use std::ffi::OsStr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use objects::{Bench, Clock, Lines, Session, WorkError, Workshop};
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
    both(|shop| {
        let before = shop.alive();
        let mut session = shop.open("first");
        assert_eq!(session.add("second"), 2);
        assert_eq!(session.last(), "second");
        let fork = session.fork();
        assert_eq!(session.add("third"), 3);
        assert_eq!(fork.lines(), ["first", "second"]);
        assert_eq!(shop.alive(), before + 2);
        drop(session);
        assert_eq!(shop.alive(), before + 1);
        drop(fork);
        assert_eq!(shop.alive(), before);
        let shared = shop.shared();
        let other = Arc::clone(&shared);
        let lines = std::thread::spawn(move || other.lines()).join().unwrap();
        assert_eq!(lines, ["shared"]);
        assert_eq!(shop.alive(), before + 1);
        drop(shared);
        assert_eq!(shop.alive(), before);
        assert_eq!(shop.perhaps(true).unwrap().last(), "perhaps");
        assert!(shop.perhaps(false).is_none());
    });
}

#[test]
fn a_session_outlives_the_plugin_that_opened_it() {
    let _turn = turn();
    let shop = loaded();
    let mut session = shop.open("first");
    drop(shop);
    assert_eq!(session.add("second"), 2);
}

#[test]
fn objects_of_the_host_are_lent_and_given() {
    both(|shop| {
        let mut mine = Lines::new(vec!["mine".to_owned()]);
        assert_eq!(shop.read(&mine), ["mine"]);
        assert_eq!(shop.write(&mut mine, "more"), 2);
        assert_eq!(mine.last(), "more");
        // One that came from the plugin goes back as it came.
        let mut theirs = shop.open("theirs");
        assert_eq!(shop.write(&mut *theirs, "again"), 2);
        assert_eq!(shop.read(&*theirs), ["theirs", "again"]);
    });
}

#[test]
fn paths_are_lent_both_ways() {
    use std::os::unix::ffi::OsStrExt as _;
    both(|shop| {
        let odd = Path::new(OsStr::from_bytes(b"a/\xff"));
        assert_eq!(shop.under(odd), shop.root().join(odd), "bytes that are no text");
        assert_eq!(shop.root(), Path::new("/srv"));
    });
}

struct Ticks(AtomicU64);

impl Clock for Ticks {
    fn now(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

#[test]
fn a_service_is_kept_as_long_as_the_plugin_wants_it() {
    both(|mut shop| {
        assert_eq!(shop.ask(), None);
        let clock = Arc::new(Ticks(AtomicU64::new(7)));
        shop.keep(Arc::clone(&clock) as Arc<dyn Clock>);
        assert_eq!(shop.ask(), Some(7));
        assert_eq!(shop.ask(), Some(8));
        assert_eq!(Arc::strong_count(&clock), 2);
        drop(shop);
        assert_eq!(Arc::strong_count(&clock), 1);
    });
}

#[test]
fn an_object_that_panics_is_a_fault_of_its_own() {
    let _turn = turn();
    let shop = loaded();
    let session = shop.open("first");
    let WorkError::Fault(text) = session.explode().unwrap_err();
    assert!(
        text.starts_with("plugin objects: `fixture.session` explode panicked: a session exploded, at "),
        "{text}"
    );
    let WorkError::Fault(text) = session.explode().unwrap_err();
    assert!(text.contains("`explode` failed before"), "{text}");
    // The others, and whoever opened it, go on.
    assert_eq!(shop.open("second").last(), "second");
    // And the other way: the host's object panics in the plugin's hands.
    let WorkError::Fault(text) = shop.consume(Box::new(Lines::new(Vec::new()))).unwrap_err();
    assert!(
        text.starts_with("plugin host: `fixture.session` explode panicked: a session exploded"),
        "{text}"
    );
}

#[test]
fn closures_are_called_and_dropped() {
    both(|mut shop| {
        assert_eq!(shop.each(4, &|number| number * 10), 60);
        let mut seen = Vec::new();
        let texts = ["a", "b", "stop", "c"].map(str::to_owned).to_vec();
        let count = shop.until(texts, &mut |text| {
            seen.push(text.to_owned());
            text != "stop"
        });
        assert_eq!((count, seen.len()), (2, 3));
        let held = Arc::new(());
        let kept = Arc::clone(&held);
        shop.subscribe(Box::new(move |text| {
            let _ = &kept;
            text.len() as u64
        }));
        assert_eq!(shop.publish("four"), 4);
        assert_eq!(Arc::strong_count(&held), 2);
        shop.subscribe(Box::new(|_| 0));
        assert_eq!(Arc::strong_count(&held), 1);
        let kept = Arc::clone(&held);
        assert_eq!(shop.once(Box::new(move |text| text.len() as u64 + Arc::strong_count(&kept) as u64)), 6);
        assert_eq!(Arc::strong_count(&held), 1);
        let mut sum = 0;
        let hook = move |number| {
            sum += number;
            sum
        };
        assert_eq!(shop.maybe(Some(Box::new(hook))), Some(4));
        assert_eq!(shop.maybe(None), None);
        let adder = shop.adder(5);
        drop(shop);
        assert_eq!(std::thread::spawn(move || adder(1)).join().unwrap(), 6);
    });
}

#[test]
fn a_closure_is_lent_what_the_other_side_has() {
    both(|shop| {
        let before = shop.alive();
        assert_eq!(shop.lend(&|session| session.last().len() as u64), 4);
        assert_eq!(shop.alive(), before);
    });
}

/// What a call says that panics.
fn said<R>(call: impl FnOnce() -> R) -> String {
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call));
    *panicked.map(drop).unwrap_err().downcast::<String>().unwrap()
}

#[test]
fn a_closure_that_panics_ends_the_call_and_not_the_process() {
    let shop = loaded();
    let text = said(|| shop.each(1, &|_| panic!("the host's own closure")));
    let expected = "plugin libobjects.so: `fixture.workshop` each let a fault pass: plugin host: `fixture.workshop` \
                    Fn(u64) -> u64 panicked: the host's own closure\n";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn a_fault_that_a_plugin_lets_pass_is_not_its_own() {
    let shop = loaded();
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
    let shop = loaded();
    // It hears of the fault on a thread of its own, and panics because of it.
    let mut shop = shop;
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
