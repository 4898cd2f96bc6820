//! What is expected of a method, and what shall happen then.
//!
//! In: what a test says. Out: whether a call is admitted. It does not know other expectations, but for their sequence.

use std::any::Any;
use std::panic::Location;
use std::time::Duration;

use plugin_abi::mock::{Turn, Turns};
use plugin_abi::{FaultKind, PluginFault};

use super::args::{Args, Asked};
use super::exclusive::Here;
use super::report::{Compared, Described};
use super::sequence::{Sequence, Step};
use super::slot::Method;
use super::sync::atomic::{AtomicUsize, Ordering};
use super::times::Times;
use super::value::{Outcome, Value};

/// An expectation of a method. What it is about stands before: `expect_get().with(eq("k")).times(2).returning(|_| None)`.
///
/// Where nothing is said of the number of calls, one is expected.
pub struct Expectation<A: Args, R: Outcome> {
    pub(super) raw: Raw,
    /// Which calls it is about: where nothing is said, all.
    pub(super) matcher: Matcher<A>,
    /// What [`Action::Run`] runs.
    pub(super) run: Turn<Option<Box<RunSend<A, R>>>>,
}

/// An expectation, whatever its method: what tests compile for each signature is what names its types, and nothing else.
pub(super) struct Raw {
    pub(super) base: Base,
    pub(super) action: Action,
}

pub(super) type Matcher<A> = Option<Box<dyn Matches<A>>>;

/// What arguments shall be like.
pub(super) trait Matches<A: Args>: Reads + Send + Sync {
    fn admits(&self, args: &A::Of<'_>) -> bool;
    /// How the predicates read, and which of them hold.
    fn compare(&self, args: &A::Of<'_>) -> Vec<Compared>;
}

/// The same where there are none.
pub(super) trait Reads {
    /// How the predicates read.
    fn read(&self) -> Vec<Compared>;
}

/// A closure of all arguments.
struct Whole<F>(F);

impl<A: Args, F: Fn(&A::Of<'_>) -> bool + Send + Sync> Matches<A> for Whole<F> {
    fn admits(&self, args: &A::Of<'_>) -> bool {
        self.0(args)
    }

    fn compare(&self, args: &A::Of<'_>) -> Vec<Compared> {
        vec![Compared::whole(Some(self.0(args)))]
    }
}

impl<F> Reads for Whole<F> {
    fn read(&self) -> Vec<Compared> {
        vec![Compared::whole(None)]
    }
}

/// An expectation, as it is without its types.
pub(super) struct Parts<'a> {
    pub(super) raw: &'a Raw,
    /// A [`Matcher`].
    matcher: &'a dyn Any,
    reads: Option<&'a dyn Reads>,
    turns: &'a Turns,
}

impl Parts<'_> {
    /// Whether its closure is running further up this thread's own stack.
    fn is_busy(&self) -> bool {
        self.raw.is_busy(self.turns)
    }
}

/// An expectation of some method.
pub(super) trait AnyExpectation: Any + Send + Sync {
    fn parts(&self) -> Parts<'_>;
}

impl<A: Args, R: Outcome> AnyExpectation for Expectation<A, R> {
    fn parts(&self) -> Parts<'_> {
        let reads: Option<&dyn Reads> = match &self.matcher {
            Some(matcher) => Some(&**matcher),
            None => None,
        };
        Parts { raw: &self.raw, matcher: &self.matcher, reads, turns: self.run.turns() }
    }
}

impl dyn AnyExpectation {
    /// Whether it is about such a call, and could answer it.
    pub(super) fn is_about(&self, call: &dyn Asked) -> bool {
        let parts = self.parts();
        call.admitted_by(parts.matcher) && !parts.is_busy()
    }

    /// As it is shown beside a call, or by itself.
    pub(super) fn describe(&self, call: Option<&dyn Asked>) -> Described {
        let parts = self.parts();
        let compared = match call {
            Some(call) => call.compare(parts.matcher),
            None => parts.reads.map_or_else(Vec::new, Reads::read),
        };
        parts.describe(compared)
    }
}

// By what is passed and returned, not by its forms: what is compiled for these is there once for all signatures of the same types.
pub(super) type Run<A, R> = dyn FnMut(<A as Args>::Of<'_>) -> Option<<R as Value>::Of<'static>>;
pub(super) type RunSend<A, R> = dyn FnMut(<A as Args>::Of<'_>) -> Option<<R as Value>::Of<'static>> + Send;

/// What happens then. A closure that returns nothing has no more results.
pub(super) enum Action {
    /// Nothing was said.
    Unsaid,
    /// The expectation's closure answers.
    Run,
    /// A `Box<`[`Run`]`>`.
    Here(Here),
    /// The wrapped object is asked, or the default body.
    Real,
    Fail(Box<dyn Fn(&'static str, &'static str) -> PluginFault + Send + Sync>),
}

/// How often it is expected, and how often it came.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) at: &'static Location<'static>,
    method: &'static Method,
    pub(super) times: Times,
    said_times: bool,
    calls: AtomicUsize,
    step: Option<Step>,
    pub(super) delay: Option<Duration>,
}

impl Base {
    fn new(method: &'static Method, at: &'static Location<'static>) -> Self {
        let (times, calls) = (Times::from(1), AtomicUsize::new(0));
        Self { at, method, times, said_times: false, calls, step: None, delay: None }
    }

    /// Whether no call is expected at all.
    #[inline]
    pub(super) fn is_never(&self) -> bool {
        self.times.most == 0
    }

    /// Whether another call would be one too many.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.calls.load(Ordering::Relaxed) >= self.times.most
    }

    /// Counts a call, unless there were enough or its turn has not come.
    #[inline]
    pub(super) fn admit(&self) -> bool {
        if let Some(step) = &self.step {
            return self.admit_in_order(step);
        }
        // What was one too many is taken back: until then another thread sees no less than enough.
        if self.calls.fetch_add(1, Ordering::Relaxed) < self.times.most {
            return true;
        }
        self.calls.fetch_sub(1, Ordering::Relaxed);
        false
    }

    #[cold]
    fn admit_in_order(&self, step: &Step) -> bool {
        if !step.admit(self.times.most) {
            return false;
        }
        self.calls.fetch_add(1, Ordering::Relaxed);
        true
    }

    fn expect_times(&mut self, times: Times) {
        (self.times, self.said_times) = (times, true);
        if let Some(step) = &self.step {
            step.expect_times(times);
        }
    }
}

impl<A: Args, R: Outcome> Expectation<A, R> {
    /// How many calls are expected: a number, or a range such as `1..` or `1..=2`.
    #[track_caller]
    pub fn times(&mut self, times: impl Into<Times>) -> &mut Self {
        self.raw.base.expect_times(times.into());
        self
    }

    /// One call is expected, which is so where nothing is said.
    pub fn once(&mut self) -> &mut Self {
        self.times(1)
    }

    /// No call is expected: one that this expectation is about panics, also where others would admit it.
    pub fn never(&mut self) -> &mut Self {
        self.times(0)
    }

    /// Its calls come after those of all that were put into the sequence before.
    pub fn in_sequence(&mut self, sequence: &mut Sequence) -> &mut Self {
        self.raw.base.step =
            Some(sequence.add(self.raw.base.at, self.raw.base.method.name, self.raw.base.times));
        self
    }

    /// Every call returns this value.
    pub fn return_const(&mut self, value: impl Into<R::Of<'static>>) -> &mut Self
    where
        R::Of<'static>: Clone + Send,
    {
        let value = value.into();
        self.run(Box::new(move |_| Some(value.clone())))
    }

    /// The calls return these values, one after the other, and as many calls are expected unless something else is said.
    pub fn return_seq(&mut self, values: impl IntoIterator<Item = R::Of<'static>>) -> &mut Self
    where
        R::Of<'static>: Send,
    {
        let mut values = values.into_iter().collect::<Vec<_>>().into_iter();
        if !self.raw.base.said_times {
            self.raw.base.expect_times(Times::from(values.len()));
        }
        self.run(Box::new(move |_| values.next()))
    }

    /// The wrapped object is asked; where nothing is wrapped, the method's default body runs.
    pub fn call_real(&mut self) -> &mut Self {
        self.raw.action = Action::Real;
        self
    }

    /// The call ends as one into a plugin does that failed: with the fault as the method's error if that can be one, else
    /// with a panic. A [`FaultKind`], a message of a plugin that panicked, or a whole [`PluginFault`].
    pub fn fail(&mut self, fault: impl Fault) -> &mut Self {
        self.raw.action = Action::Fail(Box::new(move |contract, method| fault.of(contract, method)));
        self
    }

    /// The answer takes this long. A method that waits does not block its thread.
    pub fn delay(&mut self, time: Duration) -> &mut Self {
        self.raw.base.delay = Some(time);
        self
    }

    /// Runs this closure, on any thread.
    pub(super) fn run(&mut self, run: Box<RunSend<A, R>>) -> &mut Self {
        self.raw.action = Action::Run;
        self.run = Turn::new(Some(run));
        self
    }

    /// Runs this closure, on this thread.
    pub(super) fn run_here(&mut self, run: Box<Run<A, R>>) -> &mut Self {
        self.raw.action = Action::Here(Here::new(Box::new(run)));
        self
    }

    /// Admits calls whose arguments are so.
    pub(super) fn matching(&mut self, matcher: Box<dyn Matches<A>>) -> &mut Self {
        self.matcher = Some(matcher);
        self
    }

    /// Admits calls for whose arguments this returns true.
    pub(super) fn matching_whole(
        &mut self,
        holds: impl Fn(&A::Of<'_>) -> bool + Send + Sync + 'static,
    ) -> &mut Self {
        self.matching(Box::new(Whole(holds)))
    }
}

impl Raw {
    pub(super) fn new(method: &'static Method, at: &'static Location<'static>) -> Self {
        Self { base: Base::new(method, at), action: Action::Unsaid }
    }

    #[inline]
    pub(super) fn is_busy(&self, turns: &Turns) -> bool {
        match &self.action {
            Action::Here(run) => run.is_busy(),
            _ => turns.is_mine(),
        }
    }
}

impl Parts<'_> {
    /// As it is shown, with what it says of arguments.
    fn describe(&self, compared: Vec<Compared>) -> Described {
        let Base { at, method, times, step, calls, .. } = &self.raw.base;
        let calls = calls.load(Ordering::Relaxed);
        let why = match step.as_ref().and_then(Step::why_not) {
            _ if self.is_busy() => Some("its closure is what makes this call".to_owned()),
            _ if calls >= times.most => Some("no more calls are expected".to_owned()),
            why => why,
        };
        Described { at, method, times: *times, calls, compared, why }
    }
}

/// What [`fail`](Expectation::fail) takes.
pub trait Fault: Clone + Send + Sync + 'static {
    /// The fault of a call of this method of this contract.
    fn of(&self, contract: &'static str, method: &'static str) -> PluginFault;
}

impl Fault for PluginFault {
    fn of(&self, _: &'static str, _: &'static str) -> PluginFault {
        self.clone()
    }
}

impl Fault for FaultKind {
    fn of(&self, contract: &'static str, method: &'static str) -> PluginFault {
        PluginFault::new(*self, "mock", contract, method, "")
    }
}

impl Fault for &'static str {
    fn of(&self, contract: &'static str, method: &'static str) -> PluginFault {
        PluginFault::new(FaultKind::Panicked, "mock", contract, method, self)
    }
}

/// `RUSTFLAGS='--cfg loom' cargo test -p plugin-contracts --features mock --lib --release models`
#[cfg(all(test, loom))]
mod models {
    use std::panic::Location;

    use loom::sync::Arc;
    use loom::thread;

    use super::super::sync::atomic::Ordering;
    use super::{Base, Method, Times};

    static METHOD: Method = Method { name: "get", args: &[], optional: false, since: None };

    /// Threads that each call as a mock does: look whether there were enough, and be admitted or not.
    fn admitted(most: usize, threads: usize) -> (usize, usize) {
        let mut base = Base::new(&METHOD, Location::caller());
        base.expect_times(Times::from(..=most));
        let base = Arc::new(base);
        let call = |base: Arc<Base>| move || usize::from(!base.is_full() && base.admit());
        let others: Vec<_> = (1..threads).map(|_| thread::spawn(call(Arc::clone(&base)))).collect();
        let mine = call(Arc::clone(&base))();
        let all = mine + others.into_iter().map(|other| other.join().unwrap()).sum::<usize>();
        (all, base.calls.load(Ordering::Relaxed))
    }

    #[test]
    fn as_many_are_admitted_as_are_expected_and_no_more() {
        loom::model(|| assert_eq!(admitted(1, 3), (1, 1)));
        loom::model(|| assert_eq!(admitted(2, 3), (2, 2)));
    }

    #[test]
    fn nobody_is_turned_away_while_there_is_room() {
        loom::model(|| assert_eq!(admitted(3, 3), (3, 3)));
    }
}
