//! What one thread at a time has: a closure of a mock.
//!
//! In: a value. Out: it, to be changed, for whoever takes a turn; nothing for the thread that has it already, further up its own
//! stack. It does not know what it is for.
//!
//! std's `Mutex` does not say who holds it, and is told apart for each type in every crate that locks it: here the lock is there once,
//! and what is compiled for a type is the way to the value.

use core::cell::UnsafeCell;
use core::marker::PhantomData;
use core::ptr;
use std::sync::PoisonError;

use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::sync::{Condvar, Mutex, MutexGuard, per_thread};

/// A value that one thread at a time has.
pub struct Turn<T> {
    turns: Turns,
    value: UnsafeCell<T>,
}

// SAFETY: `Turns` lets one thread at a time have the value, which may go from one to the next.
unsafe impl<T: Send> Sync for Turn<T> {}

impl<T> Turn<T> {
    /// Nobody has it.
    pub fn new(value: T) -> Self {
        Self { turns: Turns::new(), value: UnsafeCell::new(value) }
    }

    /// Whose turn it is.
    #[inline]
    pub fn turns(&self) -> &Turns {
        &self.turns
    }

    /// Waits until nobody has it. Nothing, when this very thread has.
    #[inline]
    pub fn take(&self) -> Option<Taken<'_, T>> {
        Some(Taken { value: &self.value, _held: self.turns.enter()? })
    }
}

/// A value that nobody else has, until this is dropped.
pub struct Taken<'a, T> {
    value: &'a UnsafeCell<T>,
    _held: Held<'a>,
}

impl<T> Taken<'_, T> {
    /// The value.
    #[inline]
    pub fn value(&mut self) -> &mut T {
        // SAFETY: `Held` is there once, and lives as long as this; this is lent to be changed as long as the value is.
        unsafe { &mut *self.value.get() }
    }
}

/// Whose turn it is.
pub struct Turns {
    /// Where the memory of the thread lies that has the value, and [`WAITED`]; 0 when none has.
    owner: AtomicUsize,
    /// Threads that wait.
    queue: Mutex<()>,
    left: Condvar,
}

/// Somebody waits.
const WAITED: usize = 1;

/// A number that no other thread has that runs; never 0, and even.
#[inline]
fn here() -> usize {
    per_thread! {
        static HERE: u64 = const { 0 };
    }
    HERE.with(|here| ptr::from_ref(here) as usize)
}

impl Turns {
    fn new() -> Self {
        Self { owner: AtomicUsize::new(0), queue: Mutex::new(()), left: Condvar::new() }
    }

    /// Whether this very thread has the value.
    #[inline]
    pub fn is_mine(&self) -> bool {
        // Only this thread ever writes this thread's number.
        let owner = self.owner.load(Ordering::Relaxed);
        owner != 0 && owner & !WAITED == here()
    }

    #[inline]
    fn enter(&self) -> Option<Held<'_>> {
        let free = self.owner.compare_exchange(0, here(), Ordering::Acquire, Ordering::Relaxed);
        if free.is_ok() || self.wait() { Some(Held { turns: self, here: PhantomData }) } else { None }
    }

    /// Waits for a turn. Not for one's own end.
    #[cold]
    #[inline]
    fn wait(&self) -> bool {
        if self.is_mine() {
            return false;
        }
        let mut queue = self.queue();
        loop {
            let owner = self.owner.load(Ordering::Relaxed);
            // Who comes out of the queue does not know whether others are left in it.
            let next = if owner == 0 { here() | WAITED } else { owner | WAITED };
            let said = owner == next
                || self.owner.compare_exchange(owner, next, Ordering::Acquire, Ordering::Relaxed).is_ok();
            match (said, owner) {
                (true, 0) => return true,
                (true, _) => queue = self.left.wait(queue).unwrap_or_else(PoisonError::into_inner),
                (false, _) => {}
            }
        }
    }

    fn queue(&self) -> MutexGuard<'_, ()> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[inline]
    fn leave(&self) {
        if self.owner.swap(0, Ordering::Release) & WAITED != 0 {
            self.call();
        }
    }

    /// Lets one of those in who wait.
    #[cold]
    #[inline]
    fn call(&self) {
        // Whoever said that it waits holds the queue until it does.
        drop(self.queue());
        self.left.notify_one();
    }
}

/// A turn. It stays on its thread.
struct Held<'a> {
    turns: &'a Turns,
    here: PhantomData<*const ()>,
}

impl Drop for Held<'_> {
    #[inline]
    fn drop(&mut self) {
        self.turns.leave();
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;
    use std::sync::mpsc::channel;
    use std::thread;

    use super::Turn;

    #[test]
    fn a_thread_that_has_it_gets_nothing() {
        let turn = Turn::new(1);
        let mut taken = turn.take().expect("nobody has it");
        assert!(turn.turns().is_mine() && turn.take().is_none());
        *taken.value() += 1;
        thread::scope(|scope| {
            scope.spawn(|| assert!(!turn.turns().is_mine(), "another thread does not have it"));
        });
        drop(taken);
        assert_eq!(turn.take().map(|mut taken| *taken.value()), Some(2));
    }

    #[test]
    fn a_panic_ends_a_turn() {
        let turn = Turn::new(());
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _taken = turn.take();
            panic!("on purpose");
        }));
        assert!(panicked.is_err() && !turn.turns().is_mine() && turn.take().is_some());
    }

    #[test]
    fn who_waits_is_let_in() {
        let turn = Arc::new(Turn::new(Vec::new()));
        let taken = turn.take().expect("nobody has it");
        let (ready, started) = channel();
        let threads: Vec<_> = (0..4)
            .map(|number| {
                let (turn, ready) = (Arc::clone(&turn), ready.clone());
                thread::spawn(move || {
                    ready.send(()).unwrap();
                    turn.take().expect("another thread has it").value().push(number);
                })
            })
            .collect();
        threads.iter().for_each(|_| started.recv().unwrap());
        drop(taken);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        let mut numbers = turn.take().expect("nobody has it").value().clone();
        numbers.sort_unstable();
        assert_eq!(numbers, [0, 1, 2, 3]);
    }
}
