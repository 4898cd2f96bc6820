//! Faults: a call into a plugin that did not end the way its signature says.
//!
//! In: what a stub knows. Out: a typed error with one sentence. It does not know how it reaches the caller.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

/// What kind of [`PluginFault`] it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// The plugin panicked. The instance is poisoned from now on.
    Panicked,
    /// What the plugin called of another's, a closure or an object, ended in a fault, and the plugin let it pass. It is not the
    /// plugin's own: the instance goes on.
    Passed,
    /// The instance panicked before; the method was not called.
    Poisoned,
    /// The plugin refused an argument's bytes; the method was not called.
    InvalidArgument,
    /// The plugin returned bytes that are no value of the result's type. The instance is poisoned from now on.
    InvalidResult,
    /// The plugin answered that it does not know the method, or with a status nobody knows.
    Unsupported,
}

/// A call into a plugin that ended in neither a result nor an error of its own.
///
/// A method that returns `Result<_, E>` with `E: From<PluginFault>` returns it; any other method panics on the
/// caller's side with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PluginFault {
    /// What happened.
    pub kind: FaultKind,
    /// The plugin, as its host names it: usually the file's name.
    pub plugin: String,
    /// The contract's id, as in `acme.store`.
    pub contract: &'static str,
    /// The method; `drop` for the destructor.
    pub method: &'static str,
    /// What was said about it, such as a panic's message and place.
    pub message: String,
}

impl PluginFault {
    /// A fault, for hosts and tests that make their own.
    #[must_use]
    #[inline]
    pub fn new(
        kind: FaultKind,
        plugin: &str,
        contract: &'static str,
        method: &'static str,
        message: &str,
    ) -> Self {
        Self { kind, plugin: plugin.into(), contract, method, message: message.into() }
    }
}

impl fmt::Display for PluginFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let happened = match self.kind {
            FaultKind::Panicked => "panicked",
            FaultKind::Passed => "let a fault pass",
            FaultKind::Poisoned => "was not called, the instance is poisoned",
            FaultKind::InvalidArgument => "was not called, an argument is invalid",
            FaultKind::InvalidResult => "returned an invalid result",
            FaultKind::Unsupported => "is unsupported",
        };
        write!(f, "plugin {}: `{}` {} {happened}", self.plugin, self.contract, self.method)?;
        if self.message.is_empty() { Ok(()) } else { write!(f, ": {}", self.message) }
    }
}

impl core::error::Error for PluginFault {}

// What is said of a fault is put together by these: every plugin carries them, and whoever formats brings kilobytes of `core::fmt`
// along.

/// The parts as one text. No panic leaves it, so that nobody who calls it has a way for one.
// Each loop has two ends, here and below: one that has a single end is unrolled, which is many times its size.
#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions, reason = "both sides of the call are this very Rust")]
pub(crate) extern "C" fn joined(parts: &[&str]) -> Box<str> {
    let len = parts.iter().try_fold(0_usize, |len, part| len.checked_add(part.len()));
    let mut text = Box::new_uninit_slice(len.unwrap_or(usize::MAX));
    let mut rest = &mut *text;
    for part in parts {
        let Some((place, behind)) = rest.split_at_mut_checked(part.len()) else { break };
        place.write_copy_of_slice(part.as_bytes());
        rest = behind;
    }
    // SAFETY: the parts are as long as the text, so that all of it was written just now.
    let text = unsafe { text.assume_init() };
    // SAFETY: they are texts, one behind the other.
    unsafe { alloc::str::from_boxed_utf8_unchecked(text) }
}

/// Room for a number's digits.
#[cfg(feature = "std")]
pub(crate) type Digits = [u8; 20];

/// A number as a part.
#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions, reason = "both sides of the call are this very Rust")]
pub(crate) extern "C" fn digits(mut number: u64, room: &mut [u8]) -> &str {
    let mut first = 0;
    for (at, place) in room.iter_mut().enumerate().rev() {
        first = at;
        *place = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    // SAFETY: from there on there are digits.
    unsafe { str::from_utf8_unchecked(room.get(first..).unwrap_or_default()) }
}

/// A part that is not a text.
#[cfg(feature = "std")]
#[cold]
#[inline(never)]
pub(crate) fn shown(part: &dyn fmt::Display) -> String {
    alloc::format!("{part}")
}
