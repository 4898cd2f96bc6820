//! What libbpf says while it loads: among it the verifier's log.
//!
//! In: something that calls libbpf. Out: what it returned, and what was said meanwhile on this thread. libbpf has one printer for a
//! whole process: whoever set one before has it back afterwards, and what other threads say meanwhile goes to it.

use std::cell::RefCell;
use std::sync::{Mutex, PoisonError};

use libbpf_rs::{PrintLevel, set_print};

thread_local! {
    static SAID: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// One at a time: who restores the printer must be who replaced it.
static LISTENING: Mutex<()> = Mutex::new(());

pub(super) fn listening<T>(call: impl FnOnce() -> T) -> (T, String) {
    let _alone = LISTENING.lock().unwrap_or_else(PoisonError::into_inner);
    SAID.set(Some(String::new()));
    let before = set_print(Some((PrintLevel::Info, note)));
    let returned = call();
    set_print(before);
    (returned, SAID.take().unwrap_or_default())
}

fn note(_: PrintLevel, text: String) {
    SAID.with_borrow_mut(|said| {
        if let Some(said) = said {
            said.push_str(&text);
        }
    });
}
