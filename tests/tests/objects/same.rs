//! What holds of every workshop, whoever made it and in whatever language: objects and closures cross in every place where
//! they can stand, both ways, and end where they should.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use plugin_host::Plugin;

use crate::objects::{Clock, Lines, Session, WorkError, Workshop};

type Shop = Plugin<dyn Workshop>;

pub(crate) fn sessions_are_handed_out_and_dropped_where_they_were_made(shop: Shop) {
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
}

pub(crate) fn a_session_outlives_the_plugin_that_opened_it(shop: Shop) {
    let mut session = shop.open("first");
    drop(shop);
    assert_eq!(session.add("second"), 2);
}

pub(crate) fn objects_of_the_host_are_lent_and_given(shop: Shop) {
    let mut mine = Lines::new(vec!["mine".to_owned()]);
    assert_eq!(shop.read(&mine), ["mine"]);
    assert_eq!(shop.write(&mut mine, "more"), 2);
    assert_eq!(mine.last(), "more");
    // One that came from the plugin goes back as it came.
    let mut theirs = shop.open("theirs");
    assert_eq!(shop.write(&mut *theirs, "again"), 2);
    assert_eq!(shop.read(&*theirs), ["theirs", "again"]);
}

pub(crate) fn paths_are_lent_both_ways(shop: Shop) {
    let odd = Path::new(OsStr::from_bytes(b"a/\xff"));
    assert_eq!(shop.under(odd), shop.root().join(odd), "bytes that are no text");
    assert_eq!(shop.root(), Path::new("/srv"));
}

struct Ticks(AtomicU64);

impl Clock for Ticks {
    fn now(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

pub(crate) fn a_service_is_kept_as_long_as_the_plugin_wants_it(mut shop: Shop) {
    assert_eq!(shop.ask(), None);
    let clock = Arc::new(Ticks(AtomicU64::new(7)));
    shop.keep(Arc::clone(&clock) as Arc<dyn Clock>);
    assert_eq!(shop.ask(), Some(7));
    assert_eq!(shop.ask(), Some(8));
    assert_eq!(Arc::strong_count(&clock), 2);
    drop(shop);
    assert_eq!(Arc::strong_count(&clock), 1);
}

pub(crate) fn an_object_that_panics_is_a_fault_of_its_own(shop: Shop) {
    let session = shop.open("first");
    let WorkError::Fault(text) = session.explode().unwrap_err();
    assert!(
        text.starts_with("plugin objects: `fixture.session` explode panicked: a session exploded"),
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

pub(crate) fn closures_are_called_and_dropped(mut shop: Shop) {
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
}

pub(crate) fn a_closure_is_lent_what_the_other_side_has(shop: Shop) {
    let before = shop.alive();
    assert_eq!(shop.lend(&|session| session.last().len() as u64), 4);
    assert_eq!(shop.alive(), before);
}

pub(crate) fn a_closure_that_panics_ends_the_call_and_not_the_process(shop: Shop) {
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        shop.each(1, &|_| panic!("the host's own closure"))
    }));
    let text = *panicked.unwrap_err().downcast::<String>().unwrap();
    assert!(text.contains("the host's own closure"), "{text}");
}
