//! A value that is set once, on the heap.
//!
//! In: a value, from whichever thread comes first. Out: a reference for as long as the cell lives. It does not make anybody
//! wait, so it needs none of what std's `OnceLock` brings into every plugin: who comes second loses what it made.

use alloc::boxed::Box;
use core::marker::PhantomData;
use core::ptr;

use crate::sync::atomic::{AtomicPtr, Ordering};

/// See the module.
pub(crate) struct OnceBox<T> {
    value: AtomicPtr<T>,
    owned: PhantomData<Box<T>>,
}

impl<T> OnceBox<T> {
    pub(crate) fn new() -> Self {
        Self { value: AtomicPtr::new(ptr::null_mut()), owned: PhantomData }
    }

    pub(crate) fn get(&self) -> Option<&T> {
        // SAFETY: `set` put a box there, which nobody takes out before the cell is dropped.
        unsafe { self.value.load(Ordering::Acquire).as_ref() }
    }

    /// Sets it unless it is set, and returns what it is now.
    pub(crate) fn get_or_set(&self, value: Box<T>) -> &T {
        let new = Box::into_raw(value);
        match self.value.compare_exchange(ptr::null_mut(), new, Ordering::AcqRel, Ordering::Acquire) {
            // SAFETY: it came out of a box just now, and stays until the cell is dropped.
            Ok(_) => unsafe { &*new },
            Err(first) => {
                // SAFETY: it came out of a box just now, and nobody else has seen it.
                drop(unsafe { Box::from_raw(new) });
                // SAFETY: as in `get`.
                unsafe { &*first }
            }
        }
    }
}

impl<T> Drop for OnceBox<T> {
    fn drop(&mut self) {
        let value = self.value.load(Ordering::Acquire);
        if !value.is_null() {
            // SAFETY: `get_or_set` put it there, out of a box, and nobody can ask for it any more.
            drop(unsafe { Box::from_raw(value) });
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use alloc::string::String;
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    #[test]
    fn the_first_stays_and_everyone_sees_it() {
        let cell = OnceBox::<String>::new();
        assert_eq!(cell.get(), None);
        let barrier = Barrier::new(4);
        let seen = thread::scope(|scope| {
            let set = |name: &str| {
                let value = Box::new(name.into());
                barrier.wait();
                cell.get_or_set(value).as_ptr() as usize
            };
            let threads = ["a", "b", "c", "d"].map(|name| scope.spawn(move || set(name)));
            threads.map(|thread| thread.join().unwrap())
        });
        let first = cell.get().unwrap();
        assert_eq!(seen, [first.as_ptr() as usize; 4]);
        assert_eq!(cell.get_or_set(Box::new("late".into())), first);
    }
}
