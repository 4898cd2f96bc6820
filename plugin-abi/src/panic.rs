//! Panics on the plugin's side: what they said, where, and that stderr stays quiet.
//!
//! In: panic payloads, and the hook's view of the same panic. Out: one line of text. It does not know calls.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::ptr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::fault::{add, add_number, joined, shown};
use crate::instance::complain;
use crate::{PluginFault, Status};

thread_local! {
    static LAST: Last = const { Last { raised: Cell::new((0, 0)), noted: Cell::new(ptr::null_mut()) } };
}

/// What this thread knows of its last panics.
struct Last {
    /// The text of the fault that was raised here, as a number, because that needs no drop; and how long it is without the advice
    /// behind it.
    raised: Cell<(u64, usize)>,
    /// What the hook noted. A raw pointer, because a thread-local with a destructor keeps the library mapped after dlclose. What is
    /// not taken before a thread ends is one small allocation lost.
    noted: Cell<*mut String>,
}

/// What the hook needs; there for good.
struct Hook {
    is_caller: extern "C" fn() -> u8,
    /// The one before it.
    printing: Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>,
}

/// Null until it is installed. Not what a closure captures: that would bring code to drop it.
static HOOK: AtomicPtr<Hook> = AtomicPtr::new(ptr::null_mut());

/// Installs the hook in this library's std, once. A panic on a thread that the host called us on is noted for
/// [`caught`]; any other thread is the plugin's own, and its panics are printed as ever.
pub(crate) fn install(is_caller: extern "C" fn() -> u8, hosts_take_hook: *const ()) {
    // The hook of a std that is shared is not ours, and a thread that is panicking may not touch any.
    if hosts_take_hook == take_hook() || std::thread::panicking() {
        return;
    }
    // Whoever loads the same plugin meanwhile waits until the hook is there.
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _installing = INSTALLING.lock();
    if HOOK.load(Ordering::Acquire).is_null() {
        let hook = Hook { is_caller, printing: panic::take_hook() };
        HOOK.store(Box::into_raw(Box::new(hook)), Ordering::Release);
        panic::set_hook(Box::new(hear));
    }
}

/// The hook.
fn hear(info: &PanicHookInfo<'_>) {
    // SAFETY: it was put there before this function was a hook, and nobody takes it away.
    let Some(hook) = (unsafe { HOOK.load(Ordering::Acquire).as_ref() }) else { return };
    if (hook.is_caller)() != 0 {
        if !ends_the_process(info) {
            return note(info);
        }
        // The first one was noted for a caller who will not hear of it.
        if let Some(first) = swap_last(None) {
            complain(&joined(&["panicked: ", &first]));
        }
    }
    (hook.printing)(info);
}

/// Where this library's std keeps its hook, as far as another library can tell.
pub(crate) fn take_hook() -> *const () {
    panic::take_hook as *const ()
}

fn note(info: &PanicHookInfo<'_>) {
    let mut text = joined(&[payload_text(info.payload())]);
    if let Some(at) = info.location() {
        add(&mut text, &[", at ", at.file(), ":"]);
        add_number(&mut text, at.line().into(), 10);
        add(&mut text, &[":"]);
        add_number(&mut text, at.column().into(), 10);
    }
    drop(swap_last(Some(Box::new(text))));
}

/// Whether this is the panic that std raises where another one may not pass: out of a method that is `nounwind`, or out of
/// a destructor while unwinding. Nobody will catch it. std has no stable way to ask but its words.
fn ends_the_process(info: &PanicHookInfo<'_>) -> bool {
    let words = ["panic in a function that cannot unwind", "panic in a destructor during cleanup"];
    words.contains(&payload_text(info.payload()))
}

#[allow(clippy::box_collection, reason = "it is kept as one pointer")]
fn swap_last(new: Option<Box<String>>) -> Option<Box<String>> {
    let new = new.map_or(ptr::null_mut(), Box::into_raw);
    let old = LAST.with(|last| last.noted.replace(new));
    // SAFETY: only this function puts pointers there, from boxes, and each is taken out once.
    (!old.is_null()).then(|| unsafe { Box::from_raw(old) })
}

/// What a panic that is caught at the boundary is to the other side: what it said and, if the hook saw it, where. The payload is
/// dropped here, on the side that made it.
#[cold]
pub(crate) fn caught(payload: Box<dyn Any + Send>) -> (Status, String) {
    let said = payload_text(&*payload);
    // Always, and before the payload goes: what was noted of the panic goes with it, and a destructor that panics leaves a note
    // of its own.
    let noted = swap_last(None);
    let (status, text) = match (passing(said), &noted) {
        (Some(fault), _) => (Status::PASSED, fault),
        // A note that speaks of another panic is stale: `resume_unwind` runs no hook.
        (None, Some(noted)) if noted.starts_with(said) => (Status::PANICKED, &***noted),
        (None, _) => (Status::PANICKED, said),
    };
    let text = joined(&[text]);
    drop(noted);
    if let Err(again) = panic::catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        // A payload whose destructor panics: what that threw is not worth a third try.
        std::mem::forget(again);
        drop(swap_last(None));
    }
    (status, text)
}

/// FNV-1a of 64 bits: small, and enough to tell this thread's last fault from another panic of it.
fn number(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Raises a fault where nothing can carry it.
#[cold]
#[inline]
#[track_caller]
pub(crate) fn raise(fault: &PluginFault) -> ! {
    let fault_text = shown(fault);
    let advice = "` cannot return it: with `Result<_, E>` and `E: From<PluginFault>` it would be an error";
    let text = joined(&[&fault_text, "\n  `", fault.method, advice]);
    let raised = (number(&text), fault_text.len());
    LAST.with(|last| last.raised.set(raised));
    panic::panic_any(text)
}

/// The fault that a panic with this text is of, if it was raised on this thread: one of another side's, which whoever called it
/// let pass. By its text, so that it is the same for whoever catches it and goes on with it.
fn passing(text: &str) -> Option<&str> {
    let (raised, len) = LAST.with(|last| last.raised.get());
    if raised == number(text) { text.get(..len) } else { None }
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
