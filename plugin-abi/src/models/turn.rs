//! A value that one thread at a time has: never two at once, and nobody waits for ever.

use loom::cell::Cell;
use loom::thread;

use crate::mock::Turn;
use crate::sync::Arc;
use crate::sync::atomic::{AtomicBool, Ordering};

/// What notices that somebody else has it too, or does not see what was done before.
struct Seen {
    inside: AtomicBool,
    turns: Cell<usize>,
}

fn take(turn: &Turn<Seen>) {
    let mut taken = turn.take().expect("this thread does not have it");
    assert!(turn.take().is_none(), "it cannot have it twice");
    let seen = taken.value();
    assert!(!seen.inside.swap(true, Ordering::Relaxed), "two have it");
    seen.turns.set(seen.turns.get() + 1);
    assert!(seen.inside.swap(false, Ordering::Relaxed));
}

fn model(threads: usize, times: usize) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(move || {
        let turn = Arc::new(Turn::new(Seen { inside: AtomicBool::new(false), turns: Cell::new(0) }));
        let started: Vec<_> = (0..threads)
            .map(|_| {
                let turn = Arc::clone(&turn);
                thread::spawn(move || (0..times).for_each(|_| take(&turn)))
            })
            .collect();
        for thread in started {
            thread.join().unwrap();
        }
        assert!(!turn.turns().is_mine());
        assert_eq!(turn.take().expect("nobody has it").value().turns.get(), threads * times);
    });
}

#[test]
fn two_threads_take_turns() {
    model(2, 2);
}

#[test]
fn who_waits_is_called_whoever_else_waits() {
    model(3, 1);
}
