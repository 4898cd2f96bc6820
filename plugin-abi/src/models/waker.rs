//! Wakers that the other side keeps, from any thread, when the poll and the future are long gone.

use std::task::{RawWaker, RawWakerVTable, Waker};

use loom::thread;

use crate::sync::Arc;
use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::wire::waker::{KeptWaker, LentWaker, WakerAbi, borrow};

/// What is woken, and how often. loom sees whether one is lost, or used when it is gone.
type Task = AtomicUsize;

static TABLE: RawWakerVTable = RawWakerVTable::new(
    |task| {
        // SAFETY: each pointer came from an `Arc` that is held.
        unsafe { Arc::increment_strong_count(task.cast::<Task>()) };
        RawWaker::new(task, &TABLE)
    },
    |task| {
        // SAFETY: as above, and it is given back.
        unsafe { Arc::from_raw(task.cast::<Task>()) }.fetch_add(1, Ordering::SeqCst);
    },
    |task| {
        // SAFETY: as above.
        unsafe { &*task.cast::<Task>() }.fetch_add(1, Ordering::SeqCst);
    },
    |task| {
        // SAFETY: as above, and it is given back.
        drop(unsafe { Arc::from_raw(task.cast::<Task>()) });
    },
);

fn waker_of(task: &Arc<Task>) -> Waker {
    let raw = RawWaker::new(Arc::into_raw(Arc::clone(task)).cast(), &TABLE);
    // SAFETY: the table counts as `Arc` does.
    unsafe { Waker::from_raw(raw) }
}

/// What the other side does in a poll, when it keeps the waker.
fn keep(lent: *const WakerAbi) -> Waker {
    // SAFETY: it is lent for as long.
    let waker = unsafe { borrow(lent) };
    Waker::clone(&waker)
}

#[track_caller]
fn woken(task: &Arc<Task>, times: usize) {
    assert_eq!(task.load(Ordering::SeqCst), times);
    assert_eq!(Arc::strong_count(task), 1, "a waker is left");
}

#[test]
fn wakers_outlive_the_future_on_any_thread() {
    loom::model(|| {
        let task = Arc::new(Task::new(0));
        let waker = waker_of(&task);
        let lent = LentWaker::new(&waker);
        let (first, second) = (keep(lent.lend()), keep(lent.lend()));
        let kept = lent.into_kept();
        drop(waker);
        let wakes = thread::spawn(move || first.wake());
        let copies = thread::spawn(move || {
            let third = second.clone();
            drop(second);
            third.wake_by_ref();
        });
        let ends = thread::spawn(move || drop(kept));
        wakes.join().unwrap();
        copies.join().unwrap();
        ends.join().unwrap();
        woken(&task, 2);
    });
}

#[test]
fn a_waker_is_lent_again_while_another_thread_gives_it_back() {
    loom::model(|| {
        let task = Arc::new(Task::new(0));
        let waker = waker_of(&task);
        let lent = LentWaker::new(&waker);
        let first = keep(lent.lend());
        let kept = lent.into_kept().expect("the other side asked for one");
        assert!(kept.will_wake(&waker));
        let wakes = thread::spawn(move || first.wake());
        let polls = thread::spawn(move || {
            // The next poll lends the same.
            let second = keep(KeptWaker::lend(&kept));
            drop(kept);
            second.wake();
        });
        wakes.join().unwrap();
        polls.join().unwrap();
        drop(waker);
        woken(&task, 2);
    });
}

/// A lent waker on its way to a thread that ends before the poll does.
struct Lent(*const WakerAbi);

// SAFETY: a `Waker` is `Sync`, and so is one that is lent.
unsafe impl Send for Lent {}

#[test]
fn two_threads_ask_for_a_waker_during_one_poll() {
    loom::model(|| {
        let task = Arc::new(Task::new(0));
        let waker = waker_of(&task);
        let lent = LentWaker::new(&waker);
        let threads = [(); 2].map(|()| {
            let lent = Lent(lent.lend());
            thread::spawn(move || {
                let Lent(lent) = { lent };
                keep(lent).wake();
            })
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        drop(lent.into_kept());
        drop(waker);
        woken(&task, 2);
    });
}

/// A waker on its way to a thread that has no right to it.
struct Stray(*const WakerAbi);

// SAFETY: the future keeps what it points to.
unsafe impl Send for Stray {}

#[test]
fn a_waker_that_comes_back_twice_is_found_out_whoever_is_first() {
    loom::model(|| {
        let task = Arc::new(Task::new(0));
        let waker = waker_of(&task);
        let lent = LentWaker::new(&waker);
        // SAFETY: it is lent for as long.
        let clone = unsafe { (*lent.lend()).clone };
        // SAFETY: it is the waker's own.
        let raw = unsafe { clone(lent.lend()) };
        let kept = lent.into_kept().expect("the other side asked for one");
        let threads = [(); 2].map(|()| {
            let stray = Stray(raw);
            thread::spawn(move || {
                let Stray(raw) = { stray };
                // SAFETY: the future keeps it; that it comes back twice is what is tested.
                let wake = unsafe { (*raw).wake };
                // SAFETY: as above.
                unsafe { wake(raw) }
            })
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert!(kept.came_back_twice());
        drop(kept);
        drop(waker);
        woken(&task, 2);
    });
}
