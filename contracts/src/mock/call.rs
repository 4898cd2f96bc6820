//! The road of a call.
//!
//! In: a call's arguments. Out: an answer, or who shall give it. It does not know the contract: the generated code has the
//! wrapped object and the default bodies. Here is what every expected call goes through, compiled for each signature that is called;
//! whatever else can become of one is [`otherwise`](super::otherwise), and there once.

use std::any::Any;
use std::marker::PhantomData;
use std::panic::Location;
use std::thread;
use std::time::Duration;

use super::args::{Args, Passed};
use super::expectation::{Action, Expectation};
use super::log::{Entry, Kept};
use super::otherwise::{Giving, Who};
use super::report;
use super::slot::{Slot, not_its_own};
use super::state::State;
use super::value::{Outcome, Value};

/// Who gives the answer.
pub enum Answer<'a, A: Args, R: Outcome> {
    /// It is given.
    Ready(R::Of<'static>),
    /// The wrapped object gives it, or the default body; there the log waits for it.
    Elsewhere(A::Of<'a>, At<A, R>),
}

/// Where the result of a call is missed.
pub struct At<A: Args, R: Outcome> {
    missed: Missed,
    of: PhantomData<fn(A) -> R>,
}

/// The same, of any call.
pub(super) struct Missed {
    pub(super) method: usize,
    pub(super) log: Option<usize>,
    #[cfg(feature = "record")]
    pub(super) recorded: Option<super::tape::Pending>,
}

impl<A: Args, R: Outcome> At<A, R> {
    /// What is in an argument that was written to.
    #[cfg_attr(not(feature = "record"), allow(unused_variables, reason = "nothing is recorded"))]
    pub fn wrote<V: Value>(&mut self, argument: &'static str, value: &V::Of<'_>) {
        #[cfg(feature = "record")]
        if let Some(recorded) = &mut self.missed.recorded {
            recorded.wrote(argument, V::write(value), V::APPENDS);
        }
    }
}

/// A call that was admitted, or that others shall answer.
pub struct Begun {
    method: usize,
    who: Who,
    entry: Option<Box<Entry>>,
}

/// An expectation of the method.
fn typed<A: Args, R: Outcome>(slot: &Slot, index: usize) -> &Expectation<A, R> {
    let one: &dyn Any = &*slot.expectations[index];
    let Some(one) = one.downcast_ref() else { not_its_own() };
    one
}

/// The first expectation that is about a call and had not enough, which counts it. One that never shall be called is met as it
/// stands, and one whose closure runs further up this thread's own stack is not asked.
fn admits<'s, A: Args, R: Outcome>(
    slot: &'s Slot,
    args: &A::Of<'_>,
) -> Option<(usize, &'s Expectation<A, R>)> {
    let mut index = 0;
    while index < slot.expectations.len() {
        let one = typed::<A, R>(slot, index);
        let base = &one.raw.base;
        let is_about = (base.is_never() || !base.is_full())
            && match &one.matcher {
                None => true,
                Some(matcher) => matcher.admits(args),
            };
        if is_about && !one.raw.is_busy(one.run.turns()) {
            if base.admit() {
                return Some((index, one));
            }
            if base.is_never() {
                return None;
            }
        }
        index += 1;
    }
    None
}

impl State {
    /// A call of a method that blocks. Where there is no answer, the arguments come back.
    #[track_caller]
    pub fn call<'a, A: Args, R: Outcome>(&self, method: usize, args: A::Of<'a>) -> Answer<'a, A, R> {
        let (at, slot) = (Location::caller(), &self.slots[method]);
        let mut entry = if self.log {
            Some(Entry::<Kept<A::Kept, R::Kept>>::of(A::keep(&args), at, self.times))
        } else {
            None
        };
        match admits::<A, R>(slot, &args) {
            Some((index, one)) => {
                if let Some(time) = one.raw.base.delay {
                    thread::sleep(time);
                }
                self.answer(method, (index, one), &mut entry, args)
            }
            None => {
                let who = self.otherwise(method, &Passed::<A>(&args), at);
                self.rest(method, who, &mut entry, args)
            }
        }
    }

    /// Finds who shall answer, and counts the call.
    ///
    /// # Panics
    /// Nobody expects the call.
    #[track_caller]
    pub fn begin<A: Args, R: Outcome>(
        &self,
        method: usize,
        args: &A::Of<'_>,
        at: &'static Location<'static>,
    ) -> Begun {
        let entry = if self.log {
            Some(Entry::<Kept<A::Kept, R::Kept>>::of(A::keep(args), at, self.times))
        } else {
            None
        };
        let who = match admits::<A, R>(self.slot(method), args) {
            Some((index, _)) => Who::Expectation(index),
            None => self.otherwise(method, &Passed::<A>(args), at),
        };
        Begun { method, who, entry }
    }

    /// How long the answer takes.
    #[must_use]
    pub fn delay(&self, begun: &Begun) -> Option<Duration> {
        match begun.who {
            Who::Expectation(index) => self.slot(begun.method).expectations[index].parts().raw.base.delay,
            _ => None,
        }
    }

    /// The answer. Where there is none, the arguments come back.
    #[track_caller]
    pub fn finish<'a, A: Args, R: Outcome>(&self, begun: Begun, args: A::Of<'a>) -> Answer<'a, A, R> {
        let Begun { method, who, mut entry } = begun;
        match who {
            Who::Expectation(index) => {
                let one = typed::<A, R>(self.slot(method), index);
                self.answer(method, (index, one), &mut entry, args)
            }
            who => self.rest(method, who, &mut entry, args),
        }
    }

    /// The answer of an expectation. Nothing is moved that need not be: what was just written in small pieces and is read in large
    /// ones is waited for.
    #[track_caller]
    fn answer<'a, A: Args, R: Outcome>(
        &self,
        method: usize,
        (index, one): (usize, &Expectation<A, R>),
        entry: &mut Option<Box<Entry>>,
        args: A::Of<'a>,
    ) -> Answer<'a, A, R> {
        if !matches!(one.raw.action, Action::Run) {
            return self.rest(method, Who::Expectation(index), entry, args);
        }
        let open = Open { slot: &self.slots[method], entry };
        let result = {
            let Some(mut run) = one.run.take() else { report::running(self, method, index) };
            let Some(run) = run.value() else { not_its_own() };
            run(args)
        };
        match result {
            Some(result) => {
                if let Some(entry) = open.entry.as_mut() {
                    entry.kept::<A::Kept, R::Kept>().result = Some(R::keep(&result));
                }
                Answer::Ready(result)
            }
            None => report::used_up(self, method, index),
        }
    }

    /// What becomes of a call that no closure answers.
    #[track_caller]
    fn rest<'a, A: Args, R: Outcome>(
        &self,
        method: usize,
        who: Who,
        entry: &mut Option<Box<Entry>>,
        args: A::Of<'a>,
    ) -> Answer<'a, A, R> {
        let mut giving = Giving::<A, R> { args: Some(args), result: None };
        let mut open = Open { slot: &self.slots[method], entry };
        let elsewhere = self.settle(method, who, &mut open, &mut giving);
        match (giving.result, giving.args, elsewhere) {
            (Some(result), ..) => {
                if let Some(entry) = open.entry.as_mut() {
                    entry.kept::<A::Kept, R::Kept>().result = Some(R::keep(&result));
                }
                Answer::Ready(result)
            }
            (None, Some(args), Some(missed)) => Answer::Elsewhere(args, At { missed, of: PhantomData }),
            _ => not_its_own(),
        }
    }

    /// What the wrapped object or the default body said: it goes where the log waits for it.
    pub fn done<'a, A: Args, R: Outcome>(&self, at: At<A, R>, result: R::Of<'a>) -> R::Of<'a> {
        let at = at.missed;
        #[cfg(feature = "record")]
        if let (Some(recorded), Some(tape)) = (at.recorded, &self.tape) {
            tape.end(recorded, R::write(&result));
        }
        if let Some(log) = at.log {
            let kept = R::keep(&result);
            // After a checkpoint it is gone.
            if let Some(entry) = self.slot(at.method).log().get_mut(log) {
                entry.kept::<A::Kept, R::Kept>().result = Some(kept);
            }
        }
        result
    }
}

/// A call on its way into the log. A closure that panics leaves one without a result behind.
pub(super) struct Open<'a> {
    pub(super) slot: &'a Slot,
    pub(super) entry: &'a mut Option<Box<Entry>>,
}

impl Open<'_> {
    /// Writes the call down now. Nobody waits for a log that is not kept.
    pub(super) fn push(&mut self) -> Option<usize> {
        Some(self.slot.push(self.entry.take()?))
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.slot.push(entry);
        }
    }
}
