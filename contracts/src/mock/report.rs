//! What a mock says when something is wrong.
//!
//! In: a call as it is shown, and expectations as they are described. Out: text that names every expectation with its place,
//! the closest one first. It does not know types.

use std::any::TypeId;
use std::fmt::{self, Write};
use std::panic::Location;

use super::slot::Method;
use super::state::State;
use super::times::Times;

/// An expectation as it is shown.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) at: &'static Location<'static>,
    pub(super) method: &'static Method,
    pub(super) times: Times,
    pub(super) calls: usize,
    /// An entry an argument; none when it is about every call; a single one without a name when a closure looks at all.
    pub(super) compared: Vec<Compared>,
    /// Why it admits no call, whatever its arguments.
    pub(super) why: Option<String>,
}

/// A predicate, beside the argument that came.
#[derive(Debug)]
pub(super) struct Compared {
    predicate: String,
    /// Nothing, when no call is asked about.
    holds: Option<bool>,
    /// What is said behind the predicate.
    verdict: String,
    /// One closure looks at all arguments.
    whole: bool,
}

impl Compared {
    pub(super) fn ok(predicate: String) -> Self {
        Self { predicate, holds: Some(true), verdict: "ok".to_owned(), whole: false }
    }

    /// Both are short enough to be shown.
    pub(super) fn other(predicate: String, got: &str) -> Self {
        Self { predicate, holds: Some(false), verdict: format!("got {got}"), whole: false }
    }

    /// It is shown where they part, and what is the same need not be read.
    pub(super) fn parted(predicate: String, parted: String) -> Self {
        let name = predicate.split('(').next().unwrap_or_default();
        Self { predicate: format!("{name}(…)"), holds: Some(false), verdict: parted, whole: false }
    }

    /// No call is asked about.
    pub(super) fn unasked(predicate: String) -> Self {
        Self { predicate, holds: None, verdict: String::new(), whole: false }
    }

    pub(super) fn whole(holds: Option<bool>) -> Self {
        let verdict = if holds == Some(true) { "ok" } else { "does not hold" };
        Self { predicate: "withf(…)".to_owned(), holds, verdict: verdict.to_owned(), whole: true }
    }
}

/// `put(key: "k", value: [1, 2])`
pub(super) fn call(method: &Method, args: &[String]) -> String {
    let args: Vec<_> = method.args.iter().zip(args).map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{}({})", method.name, args.join(", "))
}

impl Described {
    fn is_met(&self) -> bool {
        self.calls >= self.times.least
    }

    /// How close it is to the call: the one that forbids it, then one that it is about, then by arguments that are as they should be.
    fn closeness(&self) -> (bool, bool, usize) {
        let holding = self.compared.iter().filter(|one| one.holds == Some(true)).count();
        let is_about = holding == self.compared.len();
        (is_about && self.times.most == 0, is_about, holding)
    }

    fn head(&self) -> String {
        let Self { at, method, times, calls, .. } = self;
        format!("{at}  expect_{}  called {calls} of {times}", method.name)
    }

    /// The predicates in one line.
    fn line(&self) -> String {
        let mut text = String::new();
        for (at, one) in self.compared.iter().enumerate() {
            let _ = match self.method.args.get(at).filter(|_| !one.whole) {
                Some(name) => write!(text, "  {name}: {}", one.predicate),
                None => write!(text, "  {}", one.predicate),
            };
        }
        text
    }

    /// The predicates, a line each, beside what came.
    fn lines(&self) -> String {
        let mut text = String::new();
        if let Some(why) = &self.why {
            let _ = write!(text, "\n             {why}");
        }
        let names = self.method.args.iter().map(|name| name.chars().count()).max().unwrap_or_default() + 1;
        let predicates = self.compared.iter().map(|one| one.predicate.chars().count());
        let predicates = predicates.filter(|width| *width <= 32).max().unwrap_or_default();
        for (at, one) in self.compared.iter().enumerate() {
            let name = match self.method.args.get(at) {
                Some(name) if !one.whole => format!("{name}:"),
                _ => String::new(),
            };
            let name = if one.whole { String::new() } else { format!("{name:<names$} ") };
            let _ = write!(text, "\n             {name}{:<predicates$}  {}", one.predicate, one.verdict);
        }
        text
    }
}

/// A call that nobody expects.
pub(super) fn unexpected(
    state: &State,
    method: &Method,
    args: &[String],
    mut expectations: Vec<Described>,
    at: &Location<'_>,
) -> String {
    let mut text = format!("{}: unexpected call\n     call: {}", state.desc.name, call(method, args));
    if !state.is_own(at) {
        let _ = write!(text, "  at {at}");
    }
    // Of equals the first stays first.
    let closest = (0..expectations.len()).rev().max_by_key(|at| expectations[*at].closeness());
    match closest {
        None => {
            let _ = write!(text, "\n           there is no expect_{}", method.name);
            if let Some(at) = state.checkpoint {
                let _ = write!(text, " since the checkpoint at {at}");
            }
        }
        Some(closest) => {
            let closest = expectations.remove(closest);
            let _ = write!(text, "\n  closest: {}{}", closest.head(), closest.lines());
            for other in expectations {
                let why = other.why.as_ref().map_or(String::new(), |why| format!("  ({why})"));
                let _ = write!(text, "\n  also:    {}{}{why}", other.head(), other.line());
            }
        }
    }
    text
}

/// What is wrong with a mock as a whole; nothing, when nothing is.
pub(super) fn verdict(
    mock: &str,
    expectations: impl Iterator<Item = Described>,
    unexpected: &[String],
) -> String {
    let mut text = String::new();
    for unmet in expectations.filter(|expectation| !expectation.is_met()) {
        if text.is_empty() {
            text = format!("{mock}: expected calls did not come");
        }
        let _ = write!(text, "\n  {}{}", unmet.head(), unmet.line());
    }
    for one in unexpected {
        let separator = if text.is_empty() { "" } else { "\n" };
        let _ = write!(text, "{separator}{one}\n           its panic was caught, so it is told again");
    }
    text
}

#[track_caller]
fn about(state: &State, method: usize, index: usize, problem: fmt::Arguments<'_>) -> ! {
    let expectation = state.slot(method).expectations[index].describe(None);
    let method = state.method(method);
    let (head, line) = (expectation.head(), expectation.line());
    state.give_up(format!("{}: expect_{} {problem}\n  {head}{line}", state.desc.name, method.name))
}

/// An expectation does not say what is returned.
#[cold]
#[track_caller]
pub(super) fn no_result(state: &State, method: usize, index: usize) -> ! {
    about(state, method, index, format_args!("says nothing about its result: add `.returning(…)`"))
}

/// A closure that stays on its thread was asked on another one.
#[cold]
#[track_caller]
pub(super) fn other_thread(state: &State, method: usize, index: usize) -> ! {
    let help = "was called on another thread than the one that its closure stays on: use `.returning(…)`";
    about(state, method, index, format_args!("{help}"))
}

/// A call that waited is answered by the closure that drives it.
#[cold]
#[track_caller]
pub(super) fn running(state: &State, method: usize, index: usize) -> ! {
    let help =
        "is asked for an answer by its own closure, which cannot run twice: let who calls drive the future";
    about(state, method, index, format_args!("{help}"))
}

/// There is nothing to ask.
#[cold]
#[track_caller]
pub(super) fn nothing_real(state: &State, method: usize, index: usize) -> ! {
    let help = "asks a real object, and the mock has none: make it by `wrapping(…)`";
    about(state, method, index, format_args!("{help}"))
}

/// A lenient mock has nothing to return.
#[cold]
#[track_caller]
pub(super) fn no_blank(state: &State, method: &Method) -> ! {
    let (mock, name) = (state.desc.name, method.name);
    let problem = "is not expected, and its result has no default";
    state.give_up(format!("{mock}: `{name}` {problem}: add `expect_{name}().returning(…)`"))
}

/// There were fewer results than calls.
#[cold]
#[track_caller]
pub(super) fn used_up(state: &State, method: usize, index: usize) -> ! {
    let help = "has returned all that it has: expect as many calls, or use `.returning(…)`";
    about(state, method, index, format_args!("{help}"))
}

/// Whether a result says nothing anyway.
pub(super) fn unit<T: 'static>() -> bool {
    TypeId::of::<T>() == TypeId::of::<()>()
}
