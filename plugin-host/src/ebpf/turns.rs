//! Turns at a value: one thread has it at a time, and the others do something else meanwhile.
//!
//! In: a value. Out: the same, for whose turn it is. It is let go by a plain store, where a mutex is let go by an exchange, which waits
//! for the stores before it (docs/kernel-numbers.md). Nobody sleeps in here: what its holder calls may take its time.

use std::cell::UnsafeCell;
use std::hint;
use std::ops::Deref;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};

thread_local! {
    /// Its address is what tells threads apart.
    static MARK: u8 = const { 0 };
}

/// A value, and the mark of the thread that has it, or nothing.
pub(super) struct Turns<T> {
    holder: AtomicUsize,
    value: UnsafeCell<T>,
}

// SAFETY: `take` hands the value to one thread at a time, and that it may go there is `Send`.
unsafe impl<T: Send> Sync for Turns<T> {}

/// The value, as long as this is there.
pub(super) struct Turn<'a, T>(&'a Turns<T>);

/// This very thread has it already.
#[derive(Debug)]
pub(super) struct Mine;

impl<T> Turns<T> {
    pub(super) fn new(value: T) -> Self {
        Self { holder: AtomicUsize::new(0), value: UnsafeCell::new(value) }
    }

    /// The value, unless another thread has it and does not let go of it at once.
    #[inline]
    pub(super) fn take(&self) -> Result<Option<Turn<'_, T>>, Mine> {
        const TRIES: u32 = 100;
        let me = MARK.with(|mark| ptr::from_ref(mark).addr());
        for _ in 0..TRIES {
            match self.holder.compare_exchange_weak(0, me, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => return Ok(Some(Turn(self))),
                // Only this thread ever notes its own mark.
                Err(holder) if holder == me => return Err(Mine),
                Err(_) => hint::spin_loop(),
            }
        }
        Ok(None)
    }
}

impl<T> Deref for Turn<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: `take` made this, and nobody else has the value until this is dropped.
        unsafe { &*self.0.value.get() }
    }
}

impl<T> Drop for Turn<'_, T> {
    #[inline]
    fn drop(&mut self) {
        self.0.holder.store(0, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::thread;

    use super::*;

    #[test]
    fn one_thread_has_it_at_a_time() {
        let turns = Turns::new((Cell::new(0_u64), Cell::new(0_u64)));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut done = 0;
                    while done < 10_000 {
                        let Some(both) = turns.take().expect("it is nobody's of us") else { continue };
                        let (first, second) = &*both;
                        assert_eq!(first.get(), second.get());
                        first.set(first.get() + 1);
                        second.set(second.get() + 1);
                        done += 1;
                    }
                });
            }
        });
        let both = turns.take().expect("it is nobody's").expect("nor anybody else's");
        let (first, second) = &*both;
        assert_eq!((first.get(), second.get()), (40_000, 40_000));
    }

    #[test]
    fn who_has_it_is_told_and_a_panic_lets_it_go() {
        let turns = Turns::new(7);
        let mine = turns.take().expect("it is nobody's");
        assert!(turns.take().is_err());
        thread::scope(|scope| scope.spawn(|| assert!(turns.take().is_ok_and(|turn| turn.is_none()))).join())
            .expect("it does not panic");
        drop(mine);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _mine = turns.take();
            panic!("by intent");
        }));
        assert!(panicked.is_err());
        assert!(turns.take().is_ok_and(|turn| turn.is_some_and(|value| *value == 7)));
    }
}
