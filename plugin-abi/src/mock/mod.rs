//! What stands in for a plugin: the objects of a test, and the library that hands every call on to them.
//!
//! In: an object of the test process, and the fault that a call of it shall end with. Out: shims that end calls as a plugin
//! would that is broken; and [`Control`], by which a library built for tests is told where the objects are. It does not know
//! what is expected of them.
//!
//! The library has no matcher and no log of its own. Its methods are the contract's shims, as any plugin's; what they call is
//! a stub of an object in the test process. So there is one place where calls are matched and written down, and everything
//! that crosses crosses twice by the same code as ever.

pub(crate) mod desk;
mod invalid;
mod relay;
mod turn;

use std::boxed::Box;
use std::cell::Cell;
use std::marker::PhantomData;
use std::panic::{self, AssertUnwindSafe};
use std::string::String;

pub use self::relay::{Answers, Control, MAGIC, Relay, Relayed, export};
pub use self::turn::{Taken, Turn, Turns};
use crate::access::{Access, Boxed};
use crate::call::{self, Answer, Out, Rejected};
use crate::fault::joined;
use crate::wire::PluginType;
use crate::{FaultKind, Status};

/// Ends the call that this thread is in, behind a shim, so that its caller gets a fault of this kind with this text.
///
/// A plugin that panicked, or that returned what is no result, is poisoned afterwards. That it is poisoned a plugin cannot
/// say; the call passes a fault instead, which says so.
#[inline]
pub fn end(kind: FaultKind, text: String) -> ! {
    let status = match kind {
        FaultKind::Panicked => Status::PANICKED,
        FaultKind::InvalidArgument => Status::ERROR,
        // For a guard that cannot make one.
        FaultKind::InvalidResult => {
            SPOILS.set(true);
            end_as(Status::PASSED, joined(&["no invalid result can be made here: ", &text]).into());
        }
        FaultKind::Unsupported => Status::UNSUPPORTED,
        FaultKind::Passed => Status::PASSED,
        FaultKind::Poisoned => {
            let why =
                "no plugin can say that it is poisoned: let a call panic, and those behind it are refused";
            end_as(Status::PASSED, why.into());
        }
    };
    end_as(status, text)
}

/// No panic hook sees it.
#[inline]
pub(crate) fn end_as(status: Status, text: String) -> ! {
    let text = if status.has_text() { text } else { String::new() };
    crate::panic::raise_as(status, &text, text.len());
    panic::resume_unwind(Box::new(text))
}

thread_local! {
    /// The call shall end with a result that is none, where a guard can make one.
    static SPOILS: Cell<bool> = const { Cell::new(false) };
}

/// What stands in for a plugin, reached by `A`: its calls end as they like, and no panic of it ends the process, whatever its contract
/// promises.
pub struct StandIn<A>(PhantomData<fn() -> A>);

// SAFETY: as for `A`.
unsafe impl<A: Access> Access for StandIn<A> {
    type Target = A::Target;

    // What it says in the place of a method is a fault often enough.
    const KEEPS: bool = false;

    #[inline]
    unsafe fn shared<'a>(object: *mut ()) -> &'a A::Target {
        // SAFETY: the caller's promise is the same.
        unsafe { A::shared(object) }
    }

    #[inline]
    unsafe fn exclusive<'a>(object: *mut ()) -> Option<&'a mut A::Target> {
        // SAFETY: the caller's promise is the same.
        unsafe { A::exclusive(object) }
    }

    unsafe fn respond<R: PluginType>(
        out: *mut Out<R::Abi>,
        body: impl FnOnce() -> Result<R, Rejected>,
    ) -> Answer {
        SPOILS.set(false);
        let done = panic::catch_unwind(AssertUnwindSafe(|| body().map(|value| Some(R::into_abi(value)))));
        let status = match done {
            // SAFETY: the caller's promise is the same.
            Ok(done) => unsafe { call::write(out, done) },
            // SAFETY: as above.
            Err(_) if SPOILS.take() => unsafe { invalid::write::<R>(out) },
            // SAFETY: as above; a fault's text begins where the union does.
            Err(payload) => unsafe { call::panicked(out.cast(), payload) },
        };
        // SAFETY: it was written just now.
        unsafe { Answer::written(status, out) }
    }

    unsafe fn respond_unguarded<R: PluginType>(
        out: *mut Out<R::Abi>,
        body: impl FnOnce() -> Result<R, Rejected>,
    ) -> Answer {
        // SAFETY: the caller's promise is the same.
        unsafe { Self::respond(out, body) }
    }
}

/// A `*mut Box<T>` of a test.
pub type Mocked<T> = StandIn<Boxed<T>>;
