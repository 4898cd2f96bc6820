//! The calls that came.
//!
//! In: a call, and later its result. Out: both, with order, thread, place and time. It does not know who expected it.

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, ThreadId};
use std::time::Instant;

use super::args::Args;
use super::slot::{Method, not_its_own};
use super::value::Outcome;

/// A call of a mock's method.
pub struct Call<A: Args, R: Outcome> {
    /// Its arguments, owned: `String` for `&str`. What is of an author's type is a [`Logged`](super::Logged), what can only be
    /// used an [`Unseen`](super::Unseen).
    pub args: A::Kept,
    /// What it returned; nothing while it has not, or when it panicked.
    pub result: Option<R::Kept>,
    /// Later calls have larger numbers, those of other mocks included.
    pub order: u64,
    /// Who called.
    pub thread: ThreadId,
    /// Where, as far as that is known: not through `dyn`.
    pub at: &'static Location<'static>,
    /// When, if the mock was told to look at the clock: [`order`](Self::order) is there in any case.
    pub time: Option<Instant>,
    method: &'static Method,
}

/// What is kept of a call: by the types that are kept, not by their forms, so that what is compiled for one is there once for all
/// signatures of the same types.
#[derive(Debug)]
pub(super) struct Kept<A, R> {
    args: A,
    pub(super) result: Option<R>,
}

/// A call in the log, whatever its method: in one piece, which is moved by its address.
pub(super) struct Entry<K: ?Sized = dyn Any + Send> {
    pub(super) order: u64,
    thread: ThreadId,
    at: &'static Location<'static>,
    time: Option<Instant>,
    /// A [`Kept`].
    kept: K,
}

impl<A: Send + 'static, R: Send + 'static> Entry<Kept<A, R>> {
    pub(super) fn of(args: A, at: &'static Location<'static>, times: bool) -> Box<Entry> {
        let (order, thread) = stamp();
        let time = if times { Some(Instant::now()) } else { None };
        Box::new(Self { order, thread, at, time, kept: Kept { args, result: None } })
    }
}

/// The next number, and this thread.
fn stamp() -> (u64, ThreadId) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    thread_local!(static THREAD: Cell<Option<ThreadId>> = const { Cell::new(None) });
    let thread = THREAD.with(|known| {
        known.get().unwrap_or_else(|| {
            let this = thread::current().id();
            known.set(Some(this));
            this
        })
    });
    (NEXT.fetch_add(1, Ordering::Relaxed), thread)
}

impl Entry {
    /// What was kept.
    pub(super) fn kept<A: 'static, R: 'static>(&mut self) -> &mut Kept<A, R> {
        let kept: &mut dyn Any = &mut self.kept;
        let Some(kept) = kept.downcast_mut() else { not_its_own() };
        kept
    }

    /// As its test looks at it.
    pub(super) fn call<A: Args, R: Outcome>(&self, method: &'static Method) -> Call<A, R> {
        let Self { kept, order, thread, at, time } = self;
        let kept: &dyn Any = kept;
        let Some(kept) = kept.downcast_ref::<Kept<A::Kept, R::Kept>>() else { not_its_own() };
        let (args, result) = (kept.args.clone(), kept.result.clone());
        Call { args, result, order: *order, thread: *thread, at, time: *time, method }
    }
}

impl<A: Args, R: Outcome> Clone for Call<A, R> {
    fn clone(&self) -> Self {
        let Self { args, result, order, thread, at, time, method } = self;
        let (args, result) = (args.clone(), result.clone());
        Self { args, result, order: *order, thread: *thread, at, time: *time, method }
    }
}

/// `put(key: "k", value: [1, 2]) -> Ok(())`
impl<A: Args, R: Outcome> fmt::Debug for Call<A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let args = super::report::call(self.method, &A::show_kept(&self.args));
        match &self.result {
            Some(result) => write!(f, "{args} -> {}", super::show::debug(result, super::show::LONGEST)),
            None => write!(f, "{args} -> …"),
        }
    }
}
