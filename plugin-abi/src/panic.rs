//! Panics on the plugin's side: what they said, where, and that stderr stays quiet.
//!
//! In: panic payloads, and the hook's view of the same panic. Out: one line of text. It does not know calls.

mod raised;

use std::any::Any;
use std::cell::{Cell, UnsafeCell};
#[cfg(not(unix))]
use std::io::Write as _;
use std::mem::{ManuallyDrop, forget};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::atomic::{AtomicU8, Ordering};

pub(crate) use self::raised::{raise, raise_as};
use crate::Status;
use crate::call::fail;
use crate::fault::{Digits, digits, joined};
use crate::wire::RawVec;

thread_local! {
    /// What the hook noted on this thread, if anything. Never dropped, because a thread-local with a destructor keeps the library mapped
    /// after dlclose: what is not taken before a thread ends is one small allocation lost.
    static NOTED: Cell<Option<ManuallyDrop<Box<str>>>> = const { Cell::new(None) };
}

type Printing = dyn Fn(&PanicHookInfo<'_>) + Send + Sync;

/// What the hook needs, and how far its installation is. Not what a closure captures: that would bring code to drop it.
struct Hook {
    stage: AtomicU8,
    known: UnsafeCell<Option<Known>>,
}

// SAFETY: who turns `NONE` into `INSTALLING` writes, once, and who sees `INSTALLED` reads.
unsafe impl Sync for Hook {}

struct Known {
    is_caller: extern "C" fn() -> u8,
    /// The hook before ours.
    printing: &'static Printing,
}

const NONE: u8 = 0;
const INSTALLING: u8 = 1;
const INSTALLED: u8 = 2;

static HOOK: Hook = Hook { stage: AtomicU8::new(NONE), known: UnsafeCell::new(None) };

/// Installs the hook in this library's std, once. A panic on a thread that the host called us on is noted for
/// [`panicked`]; any other thread is the plugin's own, and its panics are printed as ever.
#[inline]
pub(crate) extern "C" fn install(is_caller: extern "C" fn() -> u8, hosts_take_hook: *const ()) {
    // The hook of a std that is shared is not ours, and a thread that is panicking may not touch any.
    if hosts_take_hook == take_hook() || std::thread::panicking() {
        return;
    }
    match HOOK.stage.compare_exchange(NONE, INSTALLING, Ordering::Acquire, Ordering::Acquire) {
        Ok(_) => {
            let known = Known { is_caller, printing: Box::leak(panic::take_hook()) };
            // SAFETY: nobody else gets here, and nobody reads yet.
            unsafe { *HOOK.known.get() = Some(known) };
            panic::set_hook(Box::new(hear));
            HOOK.stage.store(INSTALLED, Ordering::Release);
        }
        // Whoever loads the same plugin meanwhile waits until the hook is there: for some microseconds, if ever.
        Err(_) => {
            while HOOK.stage.load(Ordering::Acquire) != INSTALLED {
                std::hint::spin_loop();
            }
        }
    }
}

/// The hook.
fn hear(info: &PanicHookInfo<'_>) {
    // SAFETY: it was written before this function was a hook, and never again.
    let Some(known) = (unsafe { &*HOOK.known.get() }) else { return };
    if (known.is_caller)() != 0 {
        let said = payload_text(info.payload());
        if !ends_the_process(said) {
            return drop(swap_noted(Some(described(said, info))));
        }
        // The first one was noted for a caller who will not hear of it.
        if let Some(first) = swap_noted(None) {
            print(&joined(&["panicked: ", &first, "\n"]));
            // The process ends: nobody will miss its memory.
            forget(first);
        }
    }
    (known.printing)(info);
}

/// Where this library's std keeps its hook, as far as another library can tell.
pub(crate) fn take_hook() -> *const () {
    panic::take_hook as *const ()
}

/// Notes another text, or none, and returns the one before it.
fn swap_noted(text: Option<Box<str>>) -> Option<Box<str>> {
    // No more than this in `with`, which has a panic of its own wherever it is not inlined.
    let noted = NOTED.with(Cell::as_ptr);
    // SAFETY: it is this thread's, and has no destructor before which it would have to be left alone.
    let before = unsafe { noted.replace(text.map(ManuallyDrop::new)) };
    before.map(ManuallyDrop::into_inner)
}

#[inline(always)]
fn described(said: &str, info: &PanicHookInfo<'_>) -> Box<str> {
    let Some(at) = info.location() else { return joined(&[said]) };
    let [mut line, mut column]: [Digits; 2] = [[0; 20]; 2];
    let line = digits(at.line().into(), &mut line);
    let column = digits(at.column().into(), &mut column);
    joined(&[said, ", at ", at.file(), ":", line, ":", column])
}

/// Says what nobody is left to be told.
#[cold]
pub(crate) fn complain(what: &str, text: &str) {
    print(&joined(&[what, text, "\n"]));
}

/// Not `eprintln!`: it panics when stderr is gone, and we may be unwinding already. Nor `io::stderr`: its lock is a kilobyte in
/// every plugin, and there is one write.
fn print(line: &str) {
    #[cfg(unix)]
    {
        unsafe extern "C" {
            /// POSIX's, which std calls too.
            fn write(file: i32, bytes: *const u8, len: usize) -> isize;
        }
        // SAFETY: the bytes are there for the call. What it says of a stderr that is gone nobody asks.
        let _ = unsafe { write(2, line.as_ptr(), line.len()) };
    }
    #[cfg(not(unix))]
    let _ = std::io::stderr().write(line.as_bytes());
}

/// Whether this is the panic that std raises where another one may not pass: out of a method that is `nounwind`, or out of
/// a destructor while unwinding. Nobody will catch it. std has no stable way to ask but its words.
fn ends_the_process(said: &str) -> bool {
    said == "panic in a function that cannot unwind" || said == "panic in a destructor during cleanup"
}

/// Tells the other side of a panic that was caught at the boundary: what it said and, if the hook saw it, where. The payload is
/// dropped here, on the side that made it.
///
/// # Safety
/// `out` is valid for a write.
#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions, reason = "both sides of the call are this very Rust")]
pub(crate) unsafe extern "C" fn panicked(out: *mut RawVec<u8>, payload: Box<dyn Any + Send>) -> Status {
    let payload = ManuallyDrop::new(payload);
    let said = payload_text(&**payload);
    // Always, and before the payload goes: what was noted of the panic goes with it, and a destructor that panics leaves a note of its
    // own.
    let noted = swap_noted(None);
    let (status, text) = match (raised::told(said), &noted) {
        (Some(told), _) => told,
        // A note that speaks of another panic is stale: `resume_unwind` runs no hook.
        (None, Some(noted)) if noted.starts_with(said) => (Status::PANICKED, &**noted),
        (None, _) => (Status::PANICKED, said),
    };
    // SAFETY: the caller's promise is the same.
    unsafe { fail(out, status, joined(&[text])) };
    drop(noted);
    if let Err(again) = panic::catch_unwind(AssertUnwindSafe(|| drop(ManuallyDrop::into_inner(payload)))) {
        // A payload whose destructor panics: what that threw is not worth a third try.
        forget(again);
        drop(swap_noted(None));
    }
    status
}

#[inline(never)]
fn payload_text(payload: &(dyn Any + Send)) -> &str {
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        text
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text
    } else {
        "a panic whose payload is not text"
    }
}
