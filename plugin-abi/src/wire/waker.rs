//! Wakers: how whoever polls a future is told that it should be polled again.
//!
//! In: a `Waker` of this side. Out: a pointer that the other side makes a `Waker` of its own from. It does not know futures.
//!
//! For a poll a waker is lent: it lies on the caller's stack. Whoever keeps it asks for one of its own, which is counted, and
//! which may wake from any thread when the future is long gone. The one that was asked for last is lent again at the next
//! poll, so that a task that asks `will_wake` hears that it has the right one.

use std::mem::ManuallyDrop;
use std::panic::AssertUnwindSafe;
use std::task::{RawWaker, RawWakerVTable, Waker};

use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use crate::sync::{Arc, OnceLock};

/// How a waker on the wire begins: its address is the waker.
#[derive(Debug)]
#[repr(C)]
pub struct WakerAbi {
    /// One more of the same, to be kept. It must be given back once, to `wake` or `drop`.
    pub clone: unsafe extern "C" fn(*const Self) -> *const Self,
    /// Wakes, and gives the waker back.
    pub wake: unsafe extern "C" fn(*const Self),
    /// Wakes.
    pub wake_by_ref: unsafe extern "C" fn(*const Self),
    /// Gives the waker back.
    pub drop: unsafe extern "C" fn(*const Self),
}

/// A waker of this side that the other side keeps.
#[repr(C)]
pub(crate) struct KeptWaker {
    abi: WakerAbi,
    waker: Waker,
    /// How often the other side has it. The `Arc`'s count is one more while the future is there, so that a waker that comes
    /// back too often is found out as long as that is so.
    held: AtomicUsize,
    twice: AtomicBool,
}

impl KeptWaker {
    #[inline]
    fn new(waker: &Waker) -> Arc<Self> {
        let abi =
            WakerAbi { clone: kept_clone, wake: kept_wake, wake_by_ref: kept_wake_by_ref, drop: kept_drop };
        let (held, twice) = (AtomicUsize::new(0), AtomicBool::new(false));
        Arc::new(Self { abi, waker: waker.clone(), held, twice })
    }

    /// Hands it to the other side, to be given back once.
    #[inline]
    fn hand_out(this: &Arc<Self>) -> *const WakerAbi {
        this.held.fetch_add(1, Ordering::Relaxed);
        Arc::into_raw(Arc::clone(this)).cast()
    }

    /// Takes it back from the other side, which may not have it any more: then it is noted, and nothing else done.
    ///
    /// # Safety
    /// The pointer came from [`hand_out`](Self::hand_out), and has come back too often at most while the future is there.
    #[inline]
    unsafe fn take_back(waker: *const WakerAbi) -> Option<Arc<Self>> {
        let pointer: *const Self = waker.cast();
        // SAFETY: the other side holds it, or the future does.
        let kept = unsafe { &*pointer };
        let fewer = |held: usize| held.checked_sub(1);
        if kept.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fewer).is_err() {
            kept.twice.store(true, Ordering::Relaxed);
            // Whoever waits shall hear of it.
            quietly(|| kept.waker.wake_by_ref());
            return None;
        }
        // SAFETY: the pointer came from an `Arc`, and this is one of those that are held.
        Some(unsafe { Arc::from_raw(pointer) })
    }

    /// Whether it was given back more often than it was handed out.
    #[inline]
    pub(crate) fn came_back_twice(&self) -> bool {
        self.twice.load(Ordering::Relaxed)
    }

    /// Whether it wakes the same task.
    #[inline]
    pub(crate) fn will_wake(&self, waker: &Waker) -> bool {
        self.waker.will_wake(waker)
    }

    /// Lends it for a poll.
    #[inline]
    pub(crate) fn lend(this: &Arc<Self>) -> *const WakerAbi {
        Arc::as_ptr(this).cast()
    }
}

/// A waker of this side that is lent for a poll.
#[repr(C)]
pub(crate) struct LentWaker<'a> {
    abi: WakerAbi,
    waker: &'a Waker,
    kept: OnceLock<Arc<KeptWaker>>,
}

impl<'a> LentWaker<'a> {
    #[inline]
    pub(crate) fn new(waker: &'a Waker) -> Self {
        let abi = WakerAbi {
            clone: lent_clone,
            wake: lent_wake_by_ref,
            wake_by_ref: lent_wake_by_ref,
            drop: lent_drop,
        };
        Self { abi, waker, kept: OnceLock::new() }
    }

    #[inline]
    pub(crate) fn lend(&self) -> *const WakerAbi {
        (&raw const *self).cast()
    }

    /// The one that the other side asked for, if it did.
    #[inline]
    pub(crate) fn into_kept(self) -> Option<Arc<KeptWaker>> {
        self.kept.into_inner()
    }
}

/// A waker's code is the executor's, and may panic; nobody could hear of it over there.
#[inline]
fn quietly(wake: impl FnOnce()) {
    if let Err(payload) = std::panic::catch_unwind(AssertUnwindSafe(wake)) {
        // Its destructor may panic too.
        std::mem::forget(payload);
    }
}

#[inline]
unsafe extern "C" fn lent_clone(waker: *const WakerAbi) -> *const WakerAbi {
    // SAFETY: the other side was lent this very waker, and the poll has not ended.
    let lent = unsafe { &*waker.cast::<LentWaker<'_>>() };
    KeptWaker::hand_out(lent.kept.get_or_init(|| KeptWaker::new(lent.waker)))
}

#[inline]
unsafe extern "C" fn lent_wake_by_ref(waker: *const WakerAbi) {
    // SAFETY: as above.
    let lent = unsafe { &*waker.cast::<LentWaker<'_>>() };
    quietly(|| lent.waker.wake_by_ref());
}

#[inline]
unsafe extern "C" fn lent_drop(_: *const WakerAbi) {}

#[inline]
unsafe extern "C" fn kept_clone(waker: *const WakerAbi) -> *const WakerAbi {
    // SAFETY: the pointer came from an `Arc`, and the other side holds it or was lent it.
    let kept = unsafe { ManuallyDrop::new(Arc::from_raw(waker.cast::<KeptWaker>())) };
    KeptWaker::hand_out(&kept)
}

#[inline]
unsafe extern "C" fn kept_wake(waker: *const WakerAbi) {
    // SAFETY: the other side gives it back.
    let kept = unsafe { KeptWaker::take_back(waker) };
    quietly(move || kept.iter().for_each(|kept| kept.waker.wake_by_ref()));
}

#[inline]
unsafe extern "C" fn kept_wake_by_ref(waker: *const WakerAbi) {
    // SAFETY: the other side holds it.
    let kept = unsafe { &*waker.cast::<KeptWaker>() };
    quietly(|| kept.waker.wake_by_ref());
}

#[inline]
unsafe extern "C" fn kept_drop(waker: *const WakerAbi) {
    // SAFETY: the other side gives it back.
    let kept = unsafe { KeptWaker::take_back(waker) };
    quietly(move || drop(kept));
}

/// The other side's waker as one of this side's, lent for a poll.
///
/// # Safety
/// `waker` was lent for this poll.
pub(crate) unsafe fn borrow(waker: *const WakerAbi) -> ManuallyDrop<Waker> {
    // SAFETY: the table follows the contract of wakers, as long as the other side does.
    ManuallyDrop::new(unsafe { Waker::from_raw(RawWaker::new(waker.cast(), &FOREIGN)) })
}

/// What this side's `Waker` does with the other side's.
static FOREIGN: RawWakerVTable = RawWakerVTable::new(
    |waker| {
        let waker: *const WakerAbi = waker.cast();
        // SAFETY: the waker is held or lent, and begins with a `WakerAbi`.
        let clone = unsafe { (*waker).clone };
        // SAFETY: it is this waker's own.
        RawWaker::new(unsafe { clone(waker) }.cast(), &FOREIGN)
    },
    |waker| {
        let waker: *const WakerAbi = waker.cast();
        // SAFETY: the waker is held, and begins with a `WakerAbi`.
        let wake = unsafe { (*waker).wake };
        // SAFETY: it is this waker's own, and the waker is given back here.
        unsafe { wake(waker) }
    },
    |waker| {
        let waker: *const WakerAbi = waker.cast();
        // SAFETY: the waker is held or lent, and begins with a `WakerAbi`.
        let wake = unsafe { (*waker).wake_by_ref };
        // SAFETY: it is this waker's own.
        unsafe { wake(waker) }
    },
    |waker| {
        let waker: *const WakerAbi = waker.cast();
        // SAFETY: the waker is held, and begins with a `WakerAbi`.
        let drop = unsafe { (*waker).drop };
        // SAFETY: it is this waker's own, and is given back here.
        unsafe { drop(waker) }
    },
);
