//! One call: a status, a result, and a guard that no panic passes.
//!
//! In: a closure that does the work on the plugin's side. Out: a [`Status`], and a result or a fault's text behind
//! the out pointer; of methods and closures an [`Answer`], which has small results in it. It does not know which method it
//! guards.

use alloc::boxed::Box;
#[cfg(feature = "std")]
use core::any::Any;
use core::mem::MaybeUninit;

use crate::fault::joined;
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

    /// What the method gave back, in an argument that it changed, is no value: said by its caller's own half. A text was written.
    pub const INVALID: Self = Self(6);

    /// Whether it comes with a text.
    #[must_use]
    pub const fn has_text(self) -> bool {
        matches!(self, Self::ERROR | Self::PANICKED | Self::PASSED | Self::INVALID)
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

/// What a method's shim returns, and a closure's: in two registers, on the machines there are. A result that fits into a
/// word travels in it, because to wait for memory that was written just now takes longer than many a method; behind the out
/// pointer lies any other, and every text.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Answer {
    /// After [`Status::OK`] the result's wire form, when it [fits](Self::fits): its bytes, from the lowest address on.
    pub word: MaybeUninit<u64>,
    /// How it ended.
    pub status: Status,
}

impl Answer {
    /// Whether a result of this wire form travels in the word.
    #[must_use]
    pub const fn fits<T>() -> bool {
        size_of::<T>() <= size_of::<u64>()
    }

    /// An ending without a result in the word.
    #[must_use]
    #[inline]
    pub const fn ended(status: Status) -> Self {
        Self { word: MaybeUninit::uninit(), status }
    }

    /// The answer with a result in it, if it fits.
    #[inline]
    fn holding<T: Copy>(value: T) -> Option<Self> {
        if !Self::fits::<T>() {
            return None;
        }
        let mut word = MaybeUninit::<u64>::uninit();
        // SAFETY: it fits, and the place need not be aligned.
        unsafe { word.as_mut_ptr().cast::<T>().write_unaligned(value) };
        Some(Self { word, status: Status::OK })
    }

    /// The answer for what was written behind an out pointer.
    ///
    /// # Safety
    /// `out` was written as `status` says.
    #[cfg(feature = "std")]
    #[inline]
    pub(crate) unsafe fn written<T: Copy>(status: Status, out: *const Out<T>) -> Self {
        if status != Status::OK {
            return Self::ended(status);
        }
        // SAFETY: the status says that the result was written.
        Self::holding(unsafe { out.cast::<T>().read() }).unwrap_or(Self::ended(status))
    }

    /// The result's wire form, after [`Status::OK`].
    ///
    /// # Safety
    /// That is how it ended, and `out` was passed to whoever answered so, with this `T`.
    #[inline]
    pub(crate) unsafe fn result<T: Copy>(self, out: *const Out<T>) -> T {
        // Bytes that are no such form are found out where it is taken.
        if Self::fits::<T>() {
            // SAFETY: it is here, as its size says.
            unsafe { self.word.as_ptr().cast::<T>().read_unaligned() }
        } else {
            // SAFETY: it is there, says the caller.
            unsafe { out.cast::<T>().read() }
        }
    }

    /// Its status, with the result where any other is, too.
    ///
    /// # Safety
    /// As for [`result`](Self::result), if it ended well.
    #[cfg(feature = "std")]
    #[inline]
    pub(crate) unsafe fn put<T: Copy>(self, out: &mut MaybeUninit<Out<T>>) -> Status {
        if Self::fits::<T>() && self.status == Status::OK {
            // SAFETY: the caller's promise is the same.
            let value = unsafe { self.result(out.as_ptr()) };
            out.write(Out { value });
        }
        self.status
    }
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

impl Rejected {
    /// Which argument, and what was wrong with it.
    pub(crate) fn text(&self) -> Box<str> {
        self.invalid.said_after(joined(&["argument `", self.argument, "`: "]))
    }
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

/// The same for a shim of a method or a closure, whose small results are returned.
///
/// # Safety
/// As for [`guard`].
#[inline]
pub unsafe fn respond<R: PluginType>(
    out: *mut Out<R::Abi>,
    body: impl FnOnce() -> Result<R, Rejected>,
) -> Answer {
    // Written inside of what is caught: what leaves it is two registers, and no result that is copied once more.
    // SAFETY: the caller promises that `out` may be written.
    match catch(|| unsafe { give(out, body()) }) {
        Ok(answer) => answer,
        // SAFETY: as above; a fault's text begins where the union does.
        Err(caught) => Answer::ended(unsafe { caught.write(out.cast()) }),
    }
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
    match catch(|| body().map(|ready| ready.map(R::into_abi))) {
        // SAFETY: the caller promises that `out` may be written.
        Ok(done) => unsafe { write(out, done) },
        // SAFETY: as above; a fault's text begins where the union does.
        Err(caught) => unsafe { caught.write(out.cast()) },
    }
}

/// As [`respond`] for a method that promises not to panic: nothing catches it. A panic all the same ends the process, because
/// the shim is an `extern "C"` function, which nothing unwinds out of.
///
/// # Safety
/// As for [`guard`].
#[inline]
pub unsafe fn respond_unguarded<R: PluginType>(
    out: *mut Out<R::Abi>,
    body: impl FnOnce() -> Result<R, Rejected>,
) -> Answer {
    // SAFETY: the caller's promise is the same.
    unsafe { give(out, body()) }
}

/// Runs a body that writes by itself what comes of it, and says how it ended. No panic leaves it.
///
/// # Safety
/// `out` is valid for a write of a text.
#[inline]
pub(crate) unsafe fn guard_status(out: *mut RawVec<u8>, body: impl FnOnce() -> Status) -> Status {
    match catch(body) {
        Ok(status) => status,
        // SAFETY: the caller's promise is the same.
        Err(caught) => unsafe { caught.write(out) },
    }
}

/// What a guard caught.
struct Caught(#[cfg(feature = "std")] Box<dyn Any + Send>);

impl Caught {
    /// # Safety
    /// `out` is valid for a write.
    #[inline]
    unsafe fn write(self, out: *mut RawVec<u8>) -> Status {
        #[cfg(feature = "std")]
        // SAFETY: the caller's promise is the same.
        return unsafe { panicked(out, self.0) };
        #[cfg(not(feature = "std"))]
        {
            let _ = out;
            Status::UNSUPPORTED
        }
    }
}

#[inline]
fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Caught> {
    #[cfg(feature = "std")]
    return std::panic::catch_unwind(core::panic::AssertUnwindSafe(work)).map_err(Caught);
    #[cfg(not(feature = "std"))]
    Ok(work())
}

/// # Safety
/// As for [`guard`].
#[inline]
unsafe fn give<R: PluginType>(out: *mut Out<R::Abi>, done: Result<R, Rejected>) -> Answer {
    match done {
        Ok(value) => {
            let value = value.into_abi();
            Answer::holding(value).unwrap_or_else(|| {
                // SAFETY: the caller promises that `out` may be written.
                unsafe { out.write(Out { value }) };
                Answer::ended(Status::OK)
            })
        }
        // SAFETY: as above; a fault's text begins where the union does.
        Err(ref rejected) => Answer::ended(unsafe { refuse(out.cast(), rejected) }),
    }
}

/// # Safety
/// As for [`guard`].
#[inline]
pub(crate) unsafe fn write<T: Copy>(out: *mut Out<T>, done: Result<Option<T>, Rejected>) -> Status {
    match done {
        Ok(Some(value)) => {
            // SAFETY: the caller promises that `out` may be written.
            unsafe { out.write(Out { value }) };
            Status::OK
        }
        Ok(None) => Status::PENDING,
        // SAFETY: as above; a fault's text begins where the union does.
        Err(ref rejected) => unsafe { refuse(out.cast(), rejected) },
    }
}

// Ways to end badly, each there once and not in every shim. No panic leaves them, so that no shim has a way for one.

#[cfg(feature = "std")]
pub(crate) use crate::panic::panicked;

/// # Safety
/// `out` is valid for a write.
#[cold]
#[inline(never)]
pub(crate) unsafe extern "C" fn refuse(out: *mut RawVec<u8>, rejected: &Rejected) -> Status {
    // SAFETY: the caller's promise is the same.
    unsafe { fail(out, Status::ERROR, rejected.text()) }
}

/// Writes a fault's text.
///
/// # Safety
/// `out` is valid for a write.
#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions, reason = "both sides of the call are this very Rust")]
pub(crate) unsafe extern "C" fn fail(out: *mut RawVec<u8>, status: Status, text: Box<str>) -> Status {
    // SAFETY: the caller promises that `out` may be written.
    unsafe { out.write(text.into_string().into_abi()) };
    status
}
