//! Who answers for a library, while threads call it and a test changes its mind.
//!
//! In: answers, one after the other. Out: for each instance of the library the object that the last of them made, once. It does not
//! know what they are: `relay` does, and a model (see `crate::models`).

use std::boxed::Box;
use std::cell::UnsafeCell;
use std::ptr;
use std::sync::PoisonError;
use std::vec::Vec;

use crate::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use crate::sync::{Arc, Mutex};

/// Who answers, and how often that changed.
pub(crate) struct Desk<A> {
    changes: AtomicU64,
    answers: Mutex<Option<Arc<A>>>,
}

impl<A> Desk<A> {
    /// Nobody answers.
    #[cfg(not(all(test, loom)))]
    pub(crate) const fn new() -> Self {
        Self { changes: AtomicU64::new(0), answers: Mutex::new(None) }
    }

    /// The same in a model, whose locks are no consts.
    #[cfg(all(test, loom))]
    #[inline]
    pub(crate) fn new() -> Self {
        Self { changes: AtomicU64::new(0), answers: Mutex::new(None) }
    }

    /// From now on these answer.
    #[inline]
    pub(crate) fn change(&self, answers: Option<A>) {
        let mut place = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *place, answers.map(Arc::new));
        self.changes.fetch_add(1, Ordering::Release);
        drop(place);
        // What it drops may be a test's, which may ask for the desk.
        drop(old);
    }

    #[inline]
    fn answers(&self) -> (u64, Option<Arc<A>>) {
        let place = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        (self.changes.load(Ordering::Acquire), place.clone())
    }
}

/// What the answers of a desk made for one instance.
pub(crate) struct Targets<T> {
    /// The last of all, or null.
    current: AtomicPtr<Target<T>>,
    /// Every one so far: what was borrowed of an old one is there as long as this is.
    all: Mutex<Vec<*mut Target<T>>>,
}

struct Target<T> {
    /// How often the desk had changed when it was made.
    change: u64,
    object: UnsafeCell<T>,
}

// SAFETY: the objects are touched through shims, whose callers keep to what the contract's trait says of threads.
unsafe impl<T> Send for Targets<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Targets<T> {}

impl<T> Targets<T> {
    #[inline]
    pub(crate) fn new() -> Self {
        Self { current: AtomicPtr::new(ptr::null_mut()), all: Mutex::new(Vec::new()) }
    }

    /// The object of whoever answers now: this makes it, unless it is there. It may panic.
    #[inline]
    pub(crate) fn get<A>(&self, desk: &Desk<A>, make: impl FnOnce(Option<&A>) -> T) -> &UnsafeCell<T> {
        let current = self.current.load(Ordering::Acquire);
        // SAFETY: what was put there lives as long as this.
        match unsafe { current.as_ref() } {
            Some(target) if target.change == desk.changes.load(Ordering::Acquire) => &target.object,
            _ => self.ask(desk, make),
        }
    }

    #[cold]
    #[inline]
    fn ask<A>(&self, desk: &Desk<A>, make: impl FnOnce(Option<&A>) -> T) -> &UnsafeCell<T> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let (change, answers) = desk.answers();
        // Somebody else may have asked meanwhile.
        // SAFETY: as in `get`.
        if let Some(target) = unsafe { self.current.load(Ordering::Acquire).as_ref() }
            && target.change == change
        {
            return &target.object;
        }
        let object = UnsafeCell::new(make(answers.as_deref()));
        let target = Box::into_raw(Box::new(Target { change, object }));
        all.push(target);
        self.current.store(target, Ordering::Release);
        // SAFETY: it was made just now, and lives as long as this.
        unsafe { &(*target).object }
    }
}

impl<T> Drop for Targets<T> {
    #[inline]
    fn drop(&mut self) {
        for target in self.all.get_mut().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // SAFETY: `ask` made the pointer from a box, and nobody else drops it.
            drop(unsafe { Box::from_raw(target) });
        }
    }
}
