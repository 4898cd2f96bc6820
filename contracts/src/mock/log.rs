//! The calls that came.
//!
//! In: a call, and later its result. Out: both, with order, thread, place and time. It does not know who expected it.

use std::cell::Cell;
use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, ThreadId};
use std::time::Instant;

use super::args::Args;
use super::slot::Method;
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

impl<A: Args, R: Outcome> Call<A, R> {
    pub(super) fn new(
        method: &'static Method,
        args: &A::Of<'_>,
        at: &'static Location<'static>,
        times: bool,
    ) -> Self {
        let stamp = Stamp::now(times);
        let Stamp { order, thread, time } = stamp;
        Self { args: A::keep(args), result: None, order, thread, at, time, method }
    }
}

/// What does not depend on the method.
struct Stamp {
    order: u64,
    thread: ThreadId,
    time: Option<Instant>,
}

impl Stamp {
    fn now(times: bool) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        thread_local!(static THREAD: Cell<Option<ThreadId>> = const { Cell::new(None) });
        let thread = THREAD.with(|known| {
            known.get().unwrap_or_else(|| {
                let this = thread::current().id();
                known.set(Some(this));
                this
            })
        });
        Self { order: NEXT.fetch_add(1, Ordering::Relaxed), thread, time: times.then(Instant::now) }
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
