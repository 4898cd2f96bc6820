//! Atomics, locks, counted pointers, and what is shared: std's. In a model (`--cfg loom`, see `models`) they are loom's, which
//! runs it once for every order that its threads could run in.

#[cfg(not(all(test, loom)))]
pub(crate) use core::sync::atomic;
#[cfg(all(not(all(test, loom)), feature = "std"))]
pub(crate) use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock},
    thread_local as per_thread,
};

#[cfg(all(test, loom))]
pub(crate) use loom::sync::{Arc, Condvar, Mutex, MutexGuard, atomic};
#[cfg(all(test, loom))]
pub(crate) use once::OnceLock;

/// loom's, of a value that std makes when it compiles.
#[cfg(all(test, loom))]
macro_rules! per_thread {
    ($(#[$meta:meta])* static $name:ident: $ty:ty = const { $value:expr };) => {
        loom::thread_local! { $(#[$meta])* static $name: $ty = $value; }
    };
}
#[cfg(all(test, loom))]
pub(crate) use per_thread;

/// A static that every run of a model has anew.
#[cfg(feature = "std")]
macro_rules! shared {
    ($(#[$meta:meta])* $vis:vis static $name:ident: $ty:ty = $value:expr;) => {
        #[cfg(not(all(test, loom)))]
        $(#[$meta])*
        $vis static $name: $ty = $value;
        #[cfg(all(test, loom))]
        loom::lazy_static! {
            $(#[$meta])*
            pub(crate) static ref $name: $ty = $value;
        }
    };
}
#[cfg(feature = "std")]
pub(crate) use shared;

#[cfg(all(test, loom))]
mod once {
    use std::cell::UnsafeCell;

    use super::Mutex;
    use super::atomic::{AtomicBool, Ordering};

    /// std's, as its documentation has it: whoever sees the value sees what was done to make it.
    pub(crate) struct OnceLock<T> {
        lock: Mutex<()>,
        is_set: AtomicBool,
        value: UnsafeCell<Option<T>>,
    }

    // SAFETY: the value is written once, under the lock, and read behind the flag that says so.
    unsafe impl<T: Send + Sync> Sync for OnceLock<T> {}

    impl<T> OnceLock<T> {
        pub(crate) fn new() -> Self {
            Self { lock: Mutex::new(()), is_set: AtomicBool::new(false), value: UnsafeCell::new(None) }
        }

        pub(crate) fn get(&self) -> Option<&T> {
            // SAFETY: nobody writes behind the flag.
            self.is_set.load(Ordering::Acquire).then(|| unsafe { &*self.value.get() })?.as_ref()
        }

        pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
            let _locked = self.lock.lock().unwrap();
            if self.get().is_none() {
                // SAFETY: nobody reads before the flag, nobody else writes under the lock.
                unsafe { *self.value.get() = Some(make()) };
                self.is_set.store(true, Ordering::Release);
            }
            self.get().expect("it is set")
        }

        pub(crate) fn into_inner(self) -> Option<T> {
            self.value.into_inner()
        }
    }
}
