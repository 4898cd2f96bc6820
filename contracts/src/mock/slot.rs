//! One method of a mock: its expectations and its log, and the road of a call.
//!
//! In: a call's arguments. Out: an answer, or who shall give it. It does not know the contract: the generated code has the
//! wrapped object and the default bodies.

use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use plugin_abi::{FaultKind, PluginFault, mock};

use super::args::Args;
use super::expectation::{Action, Expectation};
use super::log::Call;
use super::report::{self, Described};
use super::state::State;
use super::tape::{Answered, Found, Pending};
use super::value::Outcome;
use super::version::Version;

/// The wrapped object. Only a mock that has one sends calls there.
#[must_use]
pub fn real<D: ?Sized>(real: &Option<Box<D>>) -> &D {
    real.as_deref().expect("a mock that wraps an object")
}

/// The same, to be changed.
#[must_use]
pub fn real_mut<D: ?Sized>(real: &mut Option<Box<D>>) -> &mut D {
    real.as_deref_mut().expect("a mock that wraps an object")
}

/// What is known of a method.
#[derive(Debug)]
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// Its arguments' names.
    pub args: &'static [&'static str],
    /// Whether it has a default body.
    pub optional: bool,
}

/// A method of a mock.
pub struct Slot<A: Args, R: Outcome> {
    method: &'static Method,
    /// The version that brought it, and the older one that the mock is of.
    absent: Option<(Version, Version)>,
    /// Mocks behind plugins have it too.
    shared: Arc<Shared<A, R>>,
}

/// What is expected of a method, and what came.
struct Shared<A: Args, R: Outcome> {
    expectations: Vec<Expectation<A, R>>,
    log: Mutex<Vec<Call<A, R>>>,
}

/// Who gives the answer.
pub enum Answer<A, R> {
    /// It is given.
    Ready(R),
    /// The wrapped object gives it, or the default body; under this number the log waits for it.
    Elsewhere(A, At),
}

/// Where the result is missed.
pub struct At {
    log: Option<usize>,
    recorded: Option<Pending>,
}

/// A call that was admitted, or that others shall answer.
pub struct Begun<A: Args, R: Outcome> {
    who: Who,
    call: Option<Call<A, R>>,
}

enum Who {
    Expectation(usize),
    Elsewhere,
    Blank,
    /// A recording, in this line.
    Recorded(Box<(Answered, String)>),
}

impl<A: Args, R: Outcome> Slot<A, R> {
    /// Nothing is expected of it.
    #[must_use]
    pub fn new(method: &'static Method) -> Self {
        let shared = Arc::new(Shared { expectations: Vec::new(), log: Mutex::new(Vec::new()) });
        Self { method, absent: None, shared }
    }

    /// The same method of a mock behind a plugin.
    #[must_use]
    pub fn behind(&self) -> Self {
        Self { method: self.method, absent: self.absent, shared: Arc::clone(&self.shared) }
    }

    /// The mock is of this version, and the method came with that one.
    ///
    /// # Panics
    /// It is not there yet, and has no default body: a host refuses to load such a plugin.
    #[track_caller]
    pub fn at_version(&mut self, version: Version, since: Version) {
        if version < since {
            let name = self.method.name;
            assert!(
                self.method.optional,
                "a plugin of {version} has no `{name}`, which came with {since} and has no default body: no host loads it"
            );
            self.absent = Some((since, version));
        }
    }

    /// One more expectation.
    ///
    /// # Panics
    /// The mock is of a version that lacks the method.
    #[track_caller]
    pub fn expect(&mut self) -> &mut Expectation<A, R> {
        if let Some((since, version)) = self.absent {
            let name = self.method.name;
            panic!(
                "`{name}` came with {since}, and this mock is of {version}: what calls it gets its default body"
            );
        }
        let at = Location::caller();
        let expectation = Expectation::new(self.method, at);
        self.alone().expectations.push_mut(expectation)
    }

    /// What no plugin looks at.
    #[track_caller]
    fn alone(&mut self) -> &mut Shared<A, R> {
        let name = self.method.name;
        Arc::get_mut(&mut self.shared).unwrap_or_else(|| {
            panic!(
                "`{name}` cannot be told anew while plugins hand their calls on to this mock: program them with another, or \
                 drop the `MockPlugin` and every plugin that was loaded from its file"
            )
        })
    }

    /// The calls so far, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<Call<A, R>> {
        let mut calls = self.log().clone();
        calls.sort_by_key(|call| call.order);
        calls
    }

    fn log(&self) -> MutexGuard<'_, Vec<Call<A, R>>> {
        self.shared.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call of a method that blocks.
    #[track_caller]
    pub fn call<'a>(&self, state: &State, args: A::Of<'a>) -> Answer<A::Of<'a>, R::Of<'static>> {
        let at = Location::caller();
        let call = state.log.then(|| Call::new(self.method, &args, at, state.times));
        // It stays where it is until it goes into the log: what was written in small pieces and is read in large ones is waited
        // for.
        let mut entry = Entry { slot: self, call, counts: false };
        let who = self.who(state, &args, at);
        entry.counts = true;
        if let Some(time) = self.delay_of(&who) {
            thread::sleep(time);
        }
        self.answer(state, who, &mut entry, args)
    }

    /// Finds who shall answer, and counts the call.
    ///
    /// # Panics
    /// Nobody expects the call.
    #[track_caller]
    pub fn begin(&self, state: &State, args: &A::Of<'_>, at: &'static Location<'static>) -> Begun<A, R> {
        let call = state.log.then(|| Call::new(self.method, args, at, state.times));
        let who = self.who(state, args, at);
        Begun { who, call }
    }

    /// Who answers, when the call is counted.
    #[inline]
    #[track_caller]
    fn who(&self, state: &State, args: &A::Of<'_>, at: &Location<'_>) -> Who {
        let about = |one: &Expectation<A, R>| one.is_about(args);
        // The first that is about it and had not enough. One that never shall be called is met as it stands.
        for (at, one) in self.shared.expectations.iter().enumerate() {
            let never = one.base.times.most == 0;
            if (never || !one.base.is_full()) && about(one) {
                if one.base.admit() {
                    return Who::Expectation(at);
                }
                if never {
                    break;
                }
            }
        }
        self.otherwise(state, args, at)
    }

    /// Who answers what no expectation admits.
    #[cold]
    #[track_caller]
    fn otherwise(&self, state: &State, args: &A::Of<'_>, at: &Location<'_>) -> Who {
        if self.absent.is_some() {
            return Who::Elsewhere;
        }
        let none_is_about = !self.shared.expectations.iter().any(|one| one.is_about(args));
        if none_is_about && state.real {
            return Who::Elsewhere;
        }
        let mut recorded = None;
        if let Some(tape) = state.tape.as_ref().filter(|_| none_is_about) {
            match tape.find(self.method.name, || A::document(self.method.args, args)) {
                Found::Answer(answer, line) => return Who::Recorded(Box::new((answer, line))),
                Found::Other(why) => recorded = Some(why),
                Found::Nothing => {}
            }
        }
        if recorded.is_none() && self.method.optional && self.shared.expectations.is_empty() {
            return Who::Elsewhere;
        }
        if none_is_about && state.lenient && recorded.is_none() {
            return Who::Blank;
        }
        let expectations = self.shared.expectations.iter().map(|one| one.describe(Some(args))).collect();
        let mut text = report::unexpected(state, self.method, &A::show(args), expectations, at);
        if let Some(why) = recorded {
            text += "\n  replay:  ";
            text += &why;
        }
        state.fail(text);
        // What is dropped while a panic goes by must not panic too: that would end the process.
        Who::Blank
    }

    /// How long the answer takes.
    #[must_use]
    pub fn delay(&self, begun: &Begun<A, R>) -> Option<Duration> {
        self.delay_of(&begun.who)
    }

    #[inline]
    fn delay_of(&self, who: &Who) -> Option<Duration> {
        match who {
            Who::Expectation(at) => self.shared.expectations[*at].base.delay,
            _ => None,
        }
    }

    /// The answer.
    #[track_caller]
    pub fn finish<'a>(
        &self,
        state: &State,
        begun: Begun<A, R>,
        args: A::Of<'a>,
    ) -> Answer<A::Of<'a>, R::Of<'static>> {
        let Begun { who, call } = begun;
        self.answer(state, who, &mut Entry { slot: self, call, counts: true }, args)
    }

    #[inline]
    #[track_caller]
    fn answer<'a>(
        &self,
        state: &State,
        who: Who,
        entry: &mut Entry<'_, A, R>,
        args: A::Of<'a>,
    ) -> Answer<A::Of<'a>, R::Of<'static>> {
        let at = match who {
            Who::Expectation(at) => at,
            Who::Elsewhere => {
                let at = self.wait(state, entry.call.take(), &args);
                return Answer::Elsewhere(args, at);
            }
            Who::Blank => return Answer::Ready(self.blank(state, entry.call.take())),
            Who::Recorded(found) => {
                return Answer::Ready(self.recorded(state, entry.call.take(), &found.0, &found.1));
            }
        };
        let expectation = &self.shared.expectations[at];
        let result = match &expectation.action {
            Action::Run(run) => run.run(|run| run(args)),
            Action::Once(once) => once.take().map(|once| once(args)),
            Action::Here(here) => match here.run(|run| run(args)) {
                Some(result) => result,
                None => report::other_thread(state, self.method, &expectation.describe(None)),
            },
            Action::Real if state.real || self.method.optional => {
                let at = self.wait(state, entry.call.take(), &args);
                return Answer::Elsewhere(args, at);
            }
            Action::Real => report::nothing_real(state, self.method, &expectation.describe(None)),
            Action::Fail(fault) => {
                let fault = fault(state.contract, self.method.name);
                if state.behind {
                    mock::end(fault.kind, fault.message);
                }
                Some(R::fault(Box::new(fault)))
            }
            // A result that says nothing need not be said.
            Action::Unsaid if report::unit::<R::Of<'static>>() => R::blank(),
            Action::Unsaid => report::no_result(state, self.method, &expectation.describe(None)),
        };
        let result = match result {
            Some(result) => result,
            None => report::used_up(state, self.method, &expectation.describe(None)),
        };
        if let Some(call) = &mut entry.call {
            call.result = Some(R::keep(&result));
        }
        Answer::Ready(result)
    }

    #[cold]
    #[track_caller]
    fn blank(&self, state: &State, call: Option<Call<A, R>>) -> R::Of<'static> {
        let at = self.push(call);
        match R::blank() {
            Some(blank) => self.log_result(at, blank),
            None if thread::panicking() => {
                let (contract, method) = (state.contract, self.method.name);
                R::fault(Box::new(PluginFault::new(
                    FaultKind::Panicked,
                    "mock",
                    contract,
                    method,
                    "unexpected call",
                )))
            }
            None => report::no_blank(state, self.method),
        }
    }

    fn push(&self, call: Option<Call<A, R>>) -> Option<usize> {
        // Nobody waits for a log that is not kept.
        let call = call?;
        let mut log = self.log();
        log.push(call);
        Some(log.len() - 1)
    }

    /// Writes a call down whose result others give.
    fn wait(&self, state: &State, call: Option<Call<A, R>>, args: &A::Of<'_>) -> At {
        let tape = state.tape.as_ref().filter(|_| state.real);
        let recorded =
            tape.and_then(|tape| tape.begin(self.method.name, || A::document(self.method.args, args)));
        At { log: self.push(call), recorded }
    }

    /// What a recording says.
    #[cold]
    #[track_caller]
    fn recorded(
        &self,
        state: &State,
        call: Option<Call<A, R>>,
        answer: &Answered,
        line: &str,
    ) -> R::Of<'static> {
        let at = self.push(call);
        match R::read(answer) {
            Ok(result) => self.log_result(at, result),
            Err(why) => {
                let (mock, method) = (state.name, self.method.name);
                state.give_up(format!("{mock}: {line}: what `{method}` returned is no such value: result{why}\n  record it again"))
            }
        }
    }

    /// What the wrapped object or the default body said.
    pub fn done<'a>(&self, state: &State, at: At, result: R::Of<'a>) -> R::Of<'a> {
        if let (Some(recorded), Some(tape)) = (at.recorded, &state.tape) {
            tape.end(recorded, R::write(&result));
        }
        self.log_result(at.log, result)
    }

    fn log_result<'a>(&self, at: Option<usize>, result: R::Of<'a>) -> R::Of<'a> {
        if let Some(at) = at {
            let kept = R::keep(&result);
            if let Some(call) = self.log().get_mut(at) {
                call.result = Some(kept);
            }
        }
        result
    }
}

/// A call on its way into the log. A closure that panics leaves one without a result behind.
struct Entry<'a, A: Args, R: Outcome> {
    slot: &'a Slot<A, R>,
    call: Option<Call<A, R>>,
    /// Somebody answers: it is no call that nobody expects.
    counts: bool,
}

impl<A: Args, R: Outcome> Drop for Entry<'_, A, R> {
    #[inline]
    fn drop(&mut self) {
        if self.counts && self.call.is_some() {
            self.slot.push(self.call.take());
        }
    }
}

/// A method, whatever its arguments.
pub trait Verify {
    /// Its expectations.
    fn describe(&self) -> Vec<Described>;
    /// Forgets them, and the log.
    #[track_caller]
    fn clear(&mut self);
}

impl<A: Args, R: Outcome> Verify for Slot<A, R> {
    fn describe(&self) -> Vec<Described> {
        self.shared.expectations.iter().map(|one| one.describe(None)).collect()
    }

    fn clear(&mut self) {
        let shared = self.alone();
        shared.expectations.clear();
        shared.log.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
