//! One call: a status, an out pointer, and a guard that no panic passes.
//!
//! In: a closure that does the work on the plugin's side. Out: a [`Status`], and a result or a fault's text behind
//! the out pointer. It does not know which method it guards.

#[cfg(feature = "std")]
use alloc::boxed::Box;
use alloc::string::String;
#[cfg(feature = "std")]
use core::any::Any;

use crate::fault::{joined, shown};
use crate::wire::{Invalid, PluginType, RawVec};

/// How a call ended. A number, checked before it is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Status(pub u32);

impl Status {
    /// The result was written.
    pub const OK: Self = Self(0);
    /// The method did not run, or a constructor said no; a text was written.
    pub const ERROR: Self = Self(1);
    /// The method panicked; a text was written.
    pub const PANICKED: Self = Self(2);
    /// The other side does not know this; nothing was written.
    pub const UNSUPPORTED: Self = Self(3);
    /// A future is not there yet; nothing was written.
    pub const PENDING: Self = Self(4);
    /// A fault passed through the method, of what it called on another side: a closure, an object. A text was written.
    pub const PASSED: Self = Self(5);

    /// Whether it comes with a text.
    #[must_use]
    pub const fn has_text(self) -> bool {
        matches!(self, Self::ERROR | Self::PANICKED | Self::PASSED)
    }
}

/// What an out pointer points to: a result after [`Status::OK`], a text after a status that [has one](Status::has_text),
/// nothing after anything else.
#[repr(C)]
pub union Out<T: Copy> {
    /// The result's wire form.
    pub value: T,
    /// A fault's text, as a `String` crosses.
    pub fault: RawVec<u8>,
}

/// An argument that did not survive its check.
#[derive(Clone, Copy, Debug)]
pub struct Rejected {
    /// The argument's name.
    pub argument: &'static str,
    /// What was wrong with it.
    pub invalid: Invalid,
}

impl Rejected {
    /// A method that changes its object was called on one that others have too.
    pub const SHARED: Self = Self { argument: "self", invalid: Invalid::Shared };
    /// A closure that can be called once was called again.
    pub const USED: Self = Self { argument: "self", invalid: Invalid::Used };
}

/// Names an argument that is bad.
///
/// # Errors
/// [`Rejected`], when the argument is.
#[inline]
pub fn rejected<T>(argument: &'static str, taken: Result<T, Invalid>) -> Result<T, Rejected> {
    taken.map_err(|invalid| Rejected { argument, invalid })
}

/// Takes one argument from the wire, and names it when it is bad.
///
/// # Errors
/// [`Rejected`], when the bytes are not a `T`.
///
/// # Safety
/// As for [`PluginType::from_abi`].
#[inline]
pub unsafe fn argument<T: PluginType>(argument: &'static str, abi: T::Abi) -> Result<T, Rejected> {
    // SAFETY: the caller's promise is the same.
    rejected(argument, unsafe { T::from_abi(abi) })
}

/// Runs `body` and writes what comes of it: its result, or the text of why there is none. No panic leaves it.
///
/// # Safety
/// `out` is valid for a write.
#[inline]
pub unsafe fn guard<R: PluginType>(
    out: *mut Out<R::Abi>,
    body: impl FnOnce() -> Result<R, Rejected>,
) -> Status {
    // SAFETY: the caller's promise is the same.
    unsafe { guard_poll(out, || body().map(Some)) }
}

/// The same, for a body whose result may not be there yet.
///
/// # Safety
/// As for [`guard`].
#[inline]
pub(crate) unsafe fn guard_poll<R: PluginType>(
    out: *mut Out<R::Abi>,
    body: impl FnOnce() -> Result<Option<R>, Rejected>,
) -> Status {
    let work = || body().map(|ready| ready.map(R::into_abi));
    #[cfg(feature = "std")]
    let done = std::panic::catch_unwind(core::panic::AssertUnwindSafe(work));
    #[cfg(not(feature = "std"))]
    let done: Result<_, ()> = Ok(work());
    match done {
        // SAFETY: the caller promises that `out` may be written.
        Ok(done) => unsafe { answer(out, done) },
        #[cfg(feature = "std")]
        // SAFETY: as above; a fault's text begins where the union does.
        Err(payload) => unsafe { panicked(out.cast(), payload) },
        #[cfg(not(feature = "std"))]
        Err(()) => Status::UNSUPPORTED,
    }
}

/// The same for a method that promises not to panic: nothing catches it. A panic all the same ends the process, because
/// the shim is an `extern "C"` function, which nothing unwinds out of.
///
/// # Safety
/// As for [`guard`].
#[inline]
pub unsafe fn unguarded<R: PluginType>(
    out: *mut Out<R::Abi>,
    body: impl FnOnce() -> Result<R, Rejected>,
) -> Status {
    // SAFETY: the caller's promise is the same.
    unsafe { answer(out, body().map(|value| Some(R::into_abi(value)))) }
}

/// # Safety
/// As for [`guard`].
#[inline]
pub(crate) unsafe fn answer<T: Copy>(out: *mut Out<T>, done: Result<Option<T>, Rejected>) -> Status {
    match done {
        Ok(Some(value)) => {
            // SAFETY: the caller promises that `out` may be written.
            unsafe { out.write(Out { value }) };
            Status::OK
        }
        Ok(None) => Status::PENDING,
        // SAFETY: as above; a fault's text begins where the union does.
        Err(rejected) => unsafe { refuse(out.cast(), rejected) },
    }
}

// Three ways to end badly, each there once and not in every shim.

/// # Safety
/// `out` is valid for a write.
#[cfg(feature = "std")]
#[cold]
#[inline(never)]
pub(crate) unsafe fn panicked(out: *mut RawVec<u8>, payload: Box<dyn Any + Send>) -> Status {
    let (status, text) = match payload.downcast::<crate::mock::Ended>() {
        Ok(ended) => ended.said(),
        Err(payload) => crate::panic::caught(payload),
    };
    if !status.has_text() {
        return status;
    }
    // SAFETY: the caller's promise is the same.
    unsafe { fail(out, status, text) }
}

/// # Safety
/// `out` is valid for a write.
#[cold]
#[inline(never)]
pub(crate) unsafe fn refuse(out: *mut RawVec<u8>, rejected: Rejected) -> Status {
    let text = joined(&["argument `", rejected.argument, "`: ", &shown(&rejected.invalid)]);
    // SAFETY: the caller's promise is the same.
    unsafe { fail(out, Status::ERROR, text) }
}

/// Writes a fault's text.
///
/// # Safety
/// `out` is valid for a write.
#[cold]
#[inline(never)]
pub(crate) unsafe fn fail(out: *mut RawVec<u8>, status: Status, text: String) -> Status {
    // SAFETY: the caller promises that `out` may be written.
    unsafe { out.write(text.into_abi()) };
    status
}
