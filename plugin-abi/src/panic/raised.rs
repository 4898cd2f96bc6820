//! Panics that are something else: faults of others that pass through, and endings that a mock asks for.
//!
//! In: a text that is raised, and what it stands for. Out: whether a panic that was caught is that. It does not know who catches it.

use std::cell::Cell;
use std::hint::black_box;
use std::num::NonZero;
use std::panic;
use std::ptr;
use std::string::String;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::fault::{joined, shown};
use crate::{PluginFault, Status};

thread_local! {
    static LAST: Cell<Raised> = const { Cell::new(Raised::NONE) };
}

/// What was raised on this thread last.
#[derive(Clone, Copy)]
struct Raised {
    /// The text as a number, because that needs no drop.
    number: Option<NonZero<u64>>,
    /// How long it is without the advice behind it.
    len: usize,
    /// What it stands for.
    status: Status,
}

impl Raised {
    const NONE: Self = Self { number: None, len: 0, status: Status::PANICKED };
}

/// What reads it.
struct Reading(fn(&str) -> Option<(Status, &str)>);

/// Null until something is raised: a plugin that calls nobody is linked without what reads it.
static READING: AtomicPtr<Reading> = AtomicPtr::new(ptr::null_mut());

/// What a panic with this text was raised as on this thread, and what there is to say of it.
#[inline]
pub(super) fn told(text: &str) -> Option<(Status, &str)> {
    // SAFETY: only `raise_as` puts a pointer there, to a static.
    let Reading(read) = unsafe { READING.load(Ordering::Acquire).as_ref() }?;
    read(text)
}

fn read(text: &str) -> Option<(Status, &str)> {
    let Raised { number: raised, len, status } = LAST.get();
    if raised.is_none() || raised != number(text) {
        return None;
    }
    // A fault that passes may be let pass again.
    if status != Status::PASSED {
        LAST.set(Raised::NONE);
    }
    Some((status, text.get(..len)?))
}

/// Raises a fault where nothing can carry it.
#[cold]
#[inline]
#[track_caller]
pub(crate) fn raise(fault: &PluginFault) -> ! {
    let fault_text = shown(fault);
    let advice = "` cannot return it: with `Result<_, E>` and `E: From<PluginFault>` it would be an error";
    let text = joined(&[&fault_text, "\n  `", fault.method, advice]);
    // One of another side's, which whoever called it let pass: known by its text, so that it is the same for whoever catches it and
    // goes on with it.
    raise_as(Status::PASSED, &text, fault_text.len());
    panic::panic_any(String::from(text))
}

/// Notes that a panic of this thread with this text stands for such a status, with so much of the text.
#[cold]
pub(crate) fn raise_as(status: Status, text: &str, len: usize) {
    static READ: Reading = Reading(read);
    LAST.set(Raised { number: number(text), len, status });
    // Or the compiler sees that there is one such function, and puts it where it is called.
    READING.store(ptr::from_ref(black_box(&READ)).cast_mut(), Ordering::Release);
}

/// FNV-1a of 64 bits: small, and enough to tell this thread's last fault from another panic of it. Hardly any text has none.
fn number(text: &str) -> Option<NonZero<u64>> {
    let step = |hash: NonZero<u64>, byte: u8| {
        NonZero::new((hash.get() ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    };
    text.bytes().try_fold(const { NonZero::new(0xcbf2_9ce4_8422_2325).unwrap() }, step)
}
