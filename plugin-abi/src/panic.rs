//! Panics on the plugin's side: what they said, where, and that stderr stays quiet.
//!
//! In: panic payloads, and the hook's view of the same panic. Out: one line of text. It does not know calls.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::ptr;
use std::sync::{Mutex, PoisonError};

use crate::fault::{joined, shown};
use crate::instance::complain;
use crate::{Hasher, PluginFault, Status};

thread_local! {
    // The text of the fault that was raised here last, as a number: nothing to drop.
    static RAISED: Cell<u128> = const { Cell::new(0) };
    // A raw pointer, because a thread-local with a destructor keeps the library mapped after dlclose. What is not
    // taken before a thread ends is one small allocation lost.
    static LAST: Cell<*mut String> = const { Cell::new(ptr::null_mut()) };
}

/// Installs the hook in this library's std, once. A panic on a thread that the host called us on is noted for
/// [`caught`]; any other thread is the plugin's own, and its panics are printed as ever.
pub(crate) fn install(is_caller: extern "C" fn() -> u8, hosts_take_hook: *const ()) {
    // The hook of a std that is shared is not ours, and a thread that is panicking may not touch any.
    if hosts_take_hook == take_hook() || std::thread::panicking() {
        return;
    }
    // Whoever loads the same plugin meanwhile waits until the hook is there.
    static INSTALLED: Mutex<bool> = Mutex::new(false);
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if std::mem::replace(&mut installed, true) {
        return;
    }
    let printing = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if is_caller() == 0 {
            return printing(info);
        }
        if ends_the_process(info) {
            // The first one was noted for a caller who will not hear of it.
            if let Some(first) = swap_last(ptr::null_mut()) {
                complain(&joined(&["panicked: ", &first]));
            }
            return printing(info);
        }
        note(info);
    }));
}

/// Where this library's std keeps its hook, as far as another library can tell.
pub(crate) fn take_hook() -> *const () {
    panic::take_hook as *const ()
}

fn note(info: &PanicHookInfo<'_>) {
    let said = payload_text(info.payload());
    let text = match info.location() {
        Some(at) => {
            let (line, column) = (shown(&at.line()), shown(&at.column()));
            joined(&[said, ", at ", at.file(), ":", &line, ":", &column])
        }
        None => said.to_owned(),
    };
    drop(swap_last(Box::into_raw(Box::new(text))));
}

/// Whether this is the panic that std raises where another one may not pass: out of a method that is `nounwind`, or out of
/// a destructor while unwinding. Nobody will catch it. std has no stable way to ask but its words.
fn ends_the_process(info: &PanicHookInfo<'_>) -> bool {
    let words = ["panic in a function that cannot unwind", "panic in a destructor during cleanup"];
    words.contains(&payload_text(info.payload()))
}

fn swap_last(new: *mut String) -> Option<String> {
    let old = LAST.replace(new);
    // SAFETY: only `note` puts pointers there, from boxes, and each is taken out once.
    (!old.is_null()).then(|| *unsafe { Box::from_raw(old) })
}

/// What a panic that is caught at the boundary is to the other side.
#[cold]
pub(crate) fn caught(payload: Box<dyn Any + Send>) -> (Status, String) {
    let passing = passing(&*payload);
    // Always: what was noted of the panic goes with it.
    let said = text(payload);
    match passing {
        Some(fault) => (Status::PASSED, fault),
        None => (Status::PANICKED, said),
    }
}

/// What a caught panic said and, if the hook saw it, where. The payload is dropped here, on the side that made it.
fn text(payload: Box<dyn Any + Send>) -> String {
    let said = payload_text(&*payload).to_owned();
    // Before the payload goes: a destructor that panics leaves a note of its own.
    let noted = swap_last(ptr::null_mut());
    if let Err(again) = panic::catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        // A payload whose destructor panics: what that threw is not worth a third try.
        std::mem::forget(again);
        drop(swap_last(ptr::null_mut()));
    }
    match noted {
        // A note that speaks of another panic is stale: `resume_unwind` runs no hook.
        Some(noted) if noted.starts_with(&said) => noted,
        _ => said,
    }
}

/// What ends the text of a fault that is raised, and begins what its caller can do about it.
const ADVICE: &str = "\n  `";

fn number(text: &str) -> u128 {
    Hasher::new().text(text).finish().0
}

/// Raises a fault where nothing can carry it.
#[cold]
#[track_caller]
pub(crate) fn raise(fault: &PluginFault) -> ! {
    let advice = "` cannot return it: with `Result<_, E>` and `E: From<PluginFault>` it would be an error";
    let text = joined(&[&shown(fault), ADVICE, fault.method, advice]);
    RAISED.set(number(&text));
    panic::panic_any(text)
}

/// The fault that this is a panic of, if it was raised on this thread: one of another side's, which whoever called it let
/// pass. By its text, so that it is the same for whoever catches it and goes on with it.
fn passing(payload: &(dyn Any + Send)) -> Option<String> {
    let text = payload_text(payload);
    // Not `rsplit_once`: its search is a kilobyte in every plugin.
    let at = text.as_bytes().windows(ADVICE.len()).rposition(|found| found == ADVICE.as_bytes())?;
    let fault = text.get(..at)?;
    (RAISED.get() == number(text)).then(|| fault.to_owned())
}

fn payload_text(payload: &(dyn Any + Send)) -> &str {
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        text
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text
    } else {
        "a panic whose payload is not text"
    }
}
