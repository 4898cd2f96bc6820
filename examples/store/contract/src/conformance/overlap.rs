//! Promises about threads: calls that overlap do not disturb each other, and no reader sees half a write.

use std::panic;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;

use super::{holds, holds_nothing, key, ok};
use crate::Store;

/// How many threads call at once. Even numbers keep their keys, or read, where odd ones delete, or write.
const THREADS: u8 = 4;
/// How many rounds each of them goes.
const ROUNDS: u8 = 50;

/// Runs the checks of this file.
pub(super) fn check(store: &dyn Store) {
    threads_with_keys_of_their_own_do_not_disturb_each_other(store);
    a_reader_never_sees_half_a_write(store);
}

fn threads_with_keys_of_their_own_do_not_disturb_each_other(store: &dyn Store) {
    together(|id| {
        for round in 0..ROUNDS {
            let own = key(&format!("threads/{id}/{round}"));
            ok("put", &own, store.put(&own, &painted(id, round)));
            holds(store, &own, &painted(id, round));
            let listed = ok("scan", &own, store.scan(&own));
            let found = listed.iter().any(|entry| entry.key == own);
            assert!(found, "store conformance: a thread lists the key {own:?} that it put");
            if id % 2 == 1 {
                let there = ok("delete", &own, store.delete(&own));
                assert!(there, "store conformance: a thread deletes the key {own:?} that it put");
                holds_nothing(store, &own);
            }
        }
    });
    for id in 0..THREADS {
        let own = key(&format!("threads/{id}/"));
        let expected = if id % 2 == 1 { 0 } else { u64::from(ROUNDS) };
        assert_eq!(
            ok("count", &own, store.count(&own)),
            expected,
            "store conformance: count({own:?}) after all threads"
        );
    }
}

/// Some threads write one key, each write in one colour, while the others read it without a pause: whichever
/// write was last, a reader finds one colour only.
fn a_reader_never_sees_half_a_write(store: &dyn Store) {
    let contested = key("contested");
    ok("put", &contested, store.put(&contested, &painted(0, 0)));
    let writing = AtomicU8::new(THREADS / 2);
    together(|id| {
        if id % 2 == 1 {
            let _done = Countdown(&writing);
            for round in 0..ROUNDS {
                ok("put", &contested, store.put(&contested, &painted(id, round)));
            }
        } else {
            while writing.load(Ordering::Relaxed) > 0 {
                let found = ok("get", &contested, store.get(&contested));
                let whole =
                    found.first().is_some_and(|colour| found == painted(colour % THREADS, colour / THREADS));
                let bytes = found.len();
                assert!(
                    whole,
                    "store conformance: get({contested:?}) gave {bytes} bytes that nobody put: a torn write"
                );
            }
        }
    });
}

/// Counts one writer less when it is dropped: also by a panic, so that the readers come to an end.
struct Countdown<'a>(&'a AtomicU8);

impl Drop for Countdown<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Runs `work` in [`THREADS`] threads at once, each with its number.
fn together(work: impl Fn(u8) + Sync) {
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|id| scope.spawn(move || work(id))).collect();
        for thread in threads {
            // Passed on by hand: the scope's own panic would hide the message of the check that failed.
            if let Err(violation) = thread.join() {
                panic::resume_unwind(violation);
            }
        }
    });
}

/// A value of one colour, which says who put it in which round; its length differs between neighbours.
fn painted(id: u8, round: u8) -> Vec<u8> {
    vec![round * THREADS + id; 1 + usize::from(id) * 1000 + usize::from(round)]
}
