//! What threads do at once, tried in every order that they could do it in.
//!
//! `RUSTFLAGS='--cfg loom' cargo test -p plugin-abi --lib --release models` runs each model until loom knows no other order. A
//! model that fails says in which it did: `LOOM_LOG=trace LOOM_LOCATION=1` shows the steps.
//!
//! loom looks for other orders where two threads touch the same, and remembers of each place who touched it last only. So the
//! thread that models run in starts others and waits for them, and does nothing itself; whoever writes is started first.

mod instance;
mod lent;
mod relay;
mod restart;
mod turn;
mod waker;

use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What a plugin's object is, here: it knows whether it is there, and who is inside.
pub(super) struct Object {
    alive: AtomicBool,
    inside: AtomicUsize,
}

impl Object {
    /// One that nobody frees: whoever comes after its end is told so, instead of reading what is not there.
    fn made() -> *mut () {
        let object = Self { alive: AtomicBool::new(true), inside: AtomicUsize::new(0) };
        Box::into_raw(Box::new(object)).cast()
    }

    /// # Safety
    /// `made` made it.
    unsafe fn at<'a>(object: *mut ()) -> &'a Self {
        // SAFETY: as the caller promises; it is never freed.
        unsafe { &*object.cast() }
    }

    /// A method: `body` runs inside.
    fn call<R>(&self, body: impl FnOnce() -> R) -> R {
        self.inside.fetch_add(1, Ordering::SeqCst);
        assert!(self.alive.load(Ordering::SeqCst), "it was called when it was destroyed");
        let result = body();
        assert!(self.alive.load(Ordering::SeqCst), "it was destroyed while it was called");
        self.inside.fetch_sub(1, Ordering::SeqCst);
        result
    }

    fn destroy(&self) {
        assert!(self.alive.swap(false, Ordering::SeqCst), "it was destroyed twice");
        assert_eq!(self.inside.load(Ordering::SeqCst), 0, "somebody is inside");
    }
}
