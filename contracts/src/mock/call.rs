//! The road of a call.
//!
//! In: a call's arguments. Out: an answer, or who shall give it. It does not know the contract: the generated code has the
//! wrapped object and the default bodies. What depends on a signature's types is a few lines a method; the rest is here once.

use std::any::Any;
use std::panic::Location;
use std::thread;
use std::time::Duration;

use plugin_abi::{FaultKind, PluginFault, mock};

use super::args::{Args, Asked, Passed};
use super::expectation::{Action, AnyExpectation, Raw, Run, RunSend};
use super::log::{Entry, Kept};
use super::report;
use super::slot::{Slot, not_its_own};
use super::state::State;
use super::tape::{Found, Given, NoJson};
use super::value::{Outcome, Value};

/// Who gives the answer.
pub enum Answer<A, R> {
    /// It is given.
    Ready(R),
    /// The wrapped object gives it, or the default body; under this number the log waits for it.
    Elsewhere(A, At),
}

/// Where the result is missed.
pub struct At {
    method: usize,
    log: Option<usize>,
    #[cfg(feature = "record")]
    recorded: Option<super::tape::Pending>,
}

impl At {
    /// What is in an argument that was written to.
    #[cfg_attr(not(feature = "record"), allow(unused_variables, reason = "nothing is recorded"))]
    pub fn wrote<V: Value>(&mut self, argument: &'static str, value: &V::Of<'_>) {
        #[cfg(feature = "record")]
        if let Some(recorded) = &mut self.recorded {
            recorded.wrote(argument, V::write(value), V::APPENDS);
        }
    }

    fn of(method: usize, log: Option<usize>) -> Self {
        Self {
            method,
            log,
            #[cfg(feature = "record")]
            recorded: None,
        }
    }
}

/// A call that was admitted, or that others shall answer.
pub struct Begun {
    method: usize,
    who: Who,
    entry: Option<Box<Entry>>,
}

enum Who {
    Expectation(usize),
    Elsewhere,
    Blank,
    /// A recording, in this line.
    Recorded(Box<Given>),
}

/// What only the types of a signature can answer.
enum Ask<'a> {
    /// What this says, which is a `Box<`[`RunSend`]`>`.
    Run(&'a mut dyn Any),
    /// The same of a `Box<`[`Run`]`>`.
    Here(&'a mut dyn Any),
    Fault(Box<PluginFault>),
    /// A default.
    Blank,
    /// Nothing, where the result is `()`.
    Unit,
    /// What a recording says; or why it says nothing.
    #[cfg_attr(not(feature = "record"), allow(dead_code, reason = "nothing is recorded"))]
    Read {
        names: &'a [&'a str],
        answer: &'a Given,
        wrong: &'a mut Option<NoJson>,
    },
}

#[cfg(feature = "record")]
fn refused<T>(wrong: &mut Option<NoJson>, why: NoJson) -> Option<T> {
    *wrong = Some(why);
    None
}

/// Whoever has the arguments, and waits for the result.
trait Gives {
    /// Whether there is a result now.
    fn give(&mut self, ask: Ask<'_>) -> bool;
    /// Writes the result down.
    fn keep(&self, entry: &mut Entry);
    /// All arguments, as a recording has them.
    #[cfg(feature = "record")]
    fn document(&self, names: &[&str]) -> super::tape::Document;
}

struct Giving<'a, A: Args, R: Outcome> {
    args: Option<A::Of<'a>>,
    result: Option<R::Of<'static>>,
}

impl<'a, A: Args, R: Outcome> Giving<'a, A, R> {
    /// What came of it.
    fn answer(self, at: Option<At>) -> Answer<A::Of<'a>, R::Of<'static>> {
        match (self.result, self.args, at) {
            (Some(result), ..) => Answer::Ready(result),
            (None, Some(args), Some(at)) => Answer::Elsewhere(args, at),
            _ => not_its_own(),
        }
    }
}

impl<A: Args, R: Outcome> Gives for Giving<'_, A, R> {
    fn give(&mut self, ask: Ask<'_>) -> bool {
        self.result = match ask {
            Ask::Run(function) => match (function.downcast_mut::<Box<RunSend<A, R>>>(), self.args.take()) {
                (Some(run), Some(args)) => run(args),
                _ => not_its_own(),
            },
            Ask::Here(function) => match (function.downcast_mut::<Box<Run<A, R>>>(), self.args.take()) {
                (Some(run), Some(args)) => run(args),
                _ => not_its_own(),
            },
            Ask::Fault(fault) => Some(R::fault(fault)),
            Ask::Unit if !report::unit::<R::Of<'static>>() => None,
            Ask::Blank | Ask::Unit => R::blank(),
            #[cfg(feature = "record")]
            Ask::Read { names, answer, wrong } => match (R::read(&answer.result), &mut self.args) {
                (Ok(result), Some(args)) => match A::rewrite(names, args, &answer.written) {
                    Ok(()) => Some(result),
                    Err(why) => refused(wrong, why),
                },
                (Err(NoJson { at, why }), _) => refused(wrong, NoJson { at: format!("result{at}"), why }),
                (_, None) => not_its_own(),
            },
            #[cfg(not(feature = "record"))]
            Ask::Read { answer, .. } => match answer.result {},
        };
        self.result.is_some()
    }

    fn keep(&self, entry: &mut Entry) {
        entry.kept::<A, R>().result = self.result.as_ref().map(R::keep);
    }

    #[cfg(feature = "record")]
    fn document(&self, names: &[&str]) -> super::tape::Document {
        self.args.as_ref().map_or_else(|| not_its_own(), |args| A::document(names, args))
    }
}

impl State {
    /// A call of a method that blocks.
    #[track_caller]
    pub fn call<'a, A: Args, R: Outcome>(
        &self,
        method: usize,
        args: A::Of<'a>,
    ) -> Answer<A::Of<'a>, R::Of<'static>> {
        let at = Location::caller();
        // What is handed on is a few words: what is written in small pieces and read in large ones is waited for.
        let entry = if self.log { Some(Entry::<Kept<A, R>>::of(&args, at, self.times)) } else { None };
        let mut giving = Giving::<A, R> { args: Some(args), result: None };
        let who = match &giving.args {
            Some(args) => self.who(method, &Passed::<A>(args), at),
            None => not_its_own(),
        };
        let at = self.settle(method, who, entry, &mut giving, true);
        giving.answer(at)
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
        let entry = if self.log { Some(Entry::<Kept<A, R>>::of(args, at, self.times)) } else { None };
        let who = self.who(method, &Passed::<A>(args), at);
        Begun { method, who, entry }
    }

    /// Who answers, when the call is counted.
    #[track_caller]
    fn who(&self, method: usize, call: &dyn Asked, at: &Location<'_>) -> Who {
        let expectations: &[Box<dyn AnyExpectation>] = &self.slots[method].expectations;
        // The first that is about it and had not enough. One that never shall be called is met as it stands.
        let mut index = 0;
        while index < expectations.len() {
            let one = expectations[index].raw();
            let never = one.base.times.most == 0;
            if (never || !one.base.is_full()) && one.is_about(call) {
                if one.base.admit() {
                    return Who::Expectation(index);
                }
                if never {
                    break;
                }
            }
            index += 1;
        }
        self.otherwise(method, call, at)
    }

    /// Who answers what no expectation admits.
    #[cold]
    #[track_caller]
    fn otherwise(&self, at: usize, call: &dyn Asked, place: &Location<'_>) -> Who {
        let (method, expectations) = (self.method(at), &self.slot(at).expectations);
        if self.absent(at).is_some() {
            return Who::Elsewhere;
        }
        let none_is_about = !expectations.iter().any(|one| one.raw().is_about(call));
        if none_is_about && self.real {
            return Who::Elsewhere;
        }
        let mut recorded = None;
        if let Some(tape) = self.tape.as_ref().filter(|_| none_is_about) {
            match tape.find(method.name, || call.document(method.args)) {
                Found::Answer(given) => return Who::Recorded(Box::new(given)),
                Found::Other(why) => recorded = Some(why),
                Found::Nothing => {}
            }
        }
        if recorded.is_none() && method.optional && expectations.is_empty() {
            return Who::Elsewhere;
        }
        if none_is_about && self.lenient && recorded.is_none() {
            return Who::Blank;
        }
        let expectations = expectations.iter().map(|one| one.raw().describe(Some(call))).collect();
        let mut text = report::unexpected(self, method, &call.show(), expectations, place);
        if let Some(why) = recorded {
            text += "\n  replay:  ";
            text += &why;
        }
        self.fail(text);
        // What is dropped while a panic goes by must not panic too: that would end the process.
        Who::Blank
    }

    /// How long the answer takes.
    #[must_use]
    pub fn delay(&self, begun: &Begun) -> Option<Duration> {
        match begun.who {
            Who::Expectation(index) => self.raw(begun.method, index).base.delay,
            _ => None,
        }
    }

    fn raw(&self, method: usize, index: usize) -> &Raw {
        let expectations: &[Box<dyn AnyExpectation>] = &self.slots[method].expectations;
        expectations[index].raw()
    }

    /// The answer.
    #[track_caller]
    pub fn finish<'a, A: Args, R: Outcome>(
        &self,
        begun: Begun,
        args: A::Of<'a>,
    ) -> Answer<A::Of<'a>, R::Of<'static>> {
        let Begun { method, who, entry } = begun;
        let mut giving = Giving::<A, R> { args: Some(args), result: None };
        let at = self.settle(method, who, entry, &mut giving, false);
        giving.answer(at)
    }

    /// Lets somebody give the answer, and writes the call down: without its result, when that comes from elsewhere.
    #[track_caller]
    fn settle(
        &self,
        method: usize,
        who: Who,
        entry: Option<Box<Entry>>,
        giving: &mut dyn Gives,
        sleeps: bool,
    ) -> Option<At> {
        let mut open = Open { slot: &self.slots[method], entry };
        if self.give(method, who, giving, sleeps) {
            if let Some(entry) = &mut open.entry {
                giving.keep(entry);
            }
            return None;
        }
        let at = At::of(method, open.push());
        #[cfg(feature = "record")]
        if let Some(tape) = self.tape.as_ref().filter(|_| self.real) {
            let of = self.method(method);
            return Some(At { recorded: tape.begin(of.name, || giving.document(of.args)), ..at });
        }
        Some(at)
    }

    /// Whether there is an answer, and it does not come from elsewhere.
    #[track_caller]
    fn give(&self, method: usize, who: Who, giving: &mut dyn Gives, sleeps: bool) -> bool {
        let index = match who {
            Who::Expectation(index) => index,
            Who::Elsewhere => return false,
            Who::Blank => {
                self.blank(method, giving);
                return true;
            }
            Who::Recorded(found) => {
                self.recorded(method, &found, giving);
                return true;
            }
        };
        let raw = self.raw(method, index);
        if let (Some(time), true) = (raw.base.delay, sleeps) {
            thread::sleep(time);
        }
        let of = self.method(method);
        let described = || raw.describe(None);
        let given = match &raw.action {
            Action::Run(run) => run.run(|function| giving.give(Ask::Run(function))),
            Action::Here(here) => {
                let mut given = false;
                if !here.run(&mut |function| given = giving.give(Ask::Here(function))) {
                    report::other_thread(self, of, &described());
                }
                given
            }
            Action::Real if self.real || of.optional => return false,
            Action::Real => report::nothing_real(self, of, &described()),
            Action::Fail(fault) => {
                let fault = fault(self.desc.contract, of.name);
                if self.behind {
                    mock::end(fault.kind, fault.message);
                }
                giving.give(Ask::Fault(Box::new(fault)))
            }
            // A result that says nothing need not be said.
            Action::Unsaid if giving.give(Ask::Unit) => true,
            Action::Unsaid => report::no_result(self, of, &described()),
        };
        if !given {
            report::used_up(self, of, &described());
        }
        true
    }

    #[cold]
    #[track_caller]
    fn blank(&self, method: usize, giving: &mut dyn Gives) {
        if giving.give(Ask::Blank) {
            return;
        }
        if !thread::panicking() {
            report::no_blank(self, self.method(method));
        }
        let (contract, name) = (self.desc.contract, self.method(method).name);
        let fault = PluginFault::new(FaultKind::Panicked, "mock", contract, name, "unexpected call");
        giving.give(Ask::Fault(Box::new(fault)));
    }

    /// What a recording says.
    #[cold]
    #[track_caller]
    fn recorded(&self, method: usize, answer: &Given, giving: &mut dyn Gives) {
        let (mut wrong, names) = (None, self.method(method).args);
        if !giving.give(Ask::Read { names, answer, wrong: &mut wrong })
            && let Some(why) = wrong
        {
            let (mock, method, line) = (self.desc.name, self.method(method).name, &answer.line);
            self.give_up(format!(
                "{mock}: {line}: what `{method}` returned is no such value: {why}\n  record it again"
            ));
        }
    }

    /// What the wrapped object or the default body said: it goes where the log waits for it.
    pub fn done<'a, A: Args, R: Outcome>(&self, at: At, result: R::Of<'a>) -> R::Of<'a> {
        #[cfg(feature = "record")]
        if let (Some(recorded), Some(tape)) = (at.recorded, &self.tape) {
            tape.end(recorded, R::write(&result));
        }
        if let Some(log) = at.log {
            let mut kept = Some(R::keep(&result));
            self.late(at.method, log, &mut |entry| entry.kept::<A, R>().result = kept.take());
        }
        result
    }

    fn late(&self, method: usize, log: usize, keep: &mut dyn FnMut(&mut Entry)) {
        // After a checkpoint it is gone.
        if let Some(entry) = self.slot(method).log().get_mut(log) {
            keep(entry);
        }
    }
}

/// A call on its way into the log. A closure that panics leaves one without a result behind.
struct Open<'a> {
    slot: &'a Slot,
    entry: Option<Box<Entry>>,
}

impl Open<'_> {
    /// Writes the call down now. Nobody waits for a log that is not kept.
    fn push(&mut self) -> Option<usize> {
        Some(self.slot.push(self.entry.take()?))
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.push();
    }
}
