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
pub struct Described {
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
pub struct Compared {
    predicate: String,
    holds: Option<bool>,
    wanted: Option<String>,
    got: String,
    whole: bool,
}

impl Compared {
    pub(super) fn new(predicate: String, holds: bool, wanted: Option<String>, got: String) -> Self {
        Self { predicate, holds: Some(holds), wanted, got, whole: false }
    }

    /// No call is asked about.
    pub(super) fn unasked(predicate: String) -> Self {
        Self { predicate, holds: None, wanted: None, got: String::new(), whole: false }
    }

    /// One closure looks at all arguments.
    pub(super) fn whole(holds: Option<bool>) -> Self {
        let predicate = "withf(…)".to_owned();
        Self { predicate, holds, wanted: None, got: String::new(), whole: true }
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

    /// How many arguments are as they should be. All, of an expectation that is about every call.
    fn matching(&self) -> usize {
        match &self.compared[..] {
            [] => usize::MAX,
            [whole] if whole.whole => {
                if whole.holds == Some(true) {
                    usize::MAX
                } else {
                    0
                }
            }
            each => each.iter().filter(|one| one.holds == Some(true)).count(),
        }
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
            let verdict = match one.holds {
                Some(true) => "ok".to_owned(),
                _ if one.whole => "does not hold".to_owned(),
                _ => super::differ::got(one.wanted.as_deref(), &one.got),
            };
            let name = if one.whole { String::new() } else { format!("{name:<names$} ") };
            let _ = write!(text, "\n             {name}{:<predicates$}  {verdict}", one.predicate);
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
    let mut text = format!("{}: unexpected call\n     call: {}", state.name, call(method, args));
    let _ = write!(text, "  at {at}");
    // Of equals the first stays first.
    let closest = (0..expectations.len()).rev().max_by_key(|at| expectations[*at].matching());
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
fn about(state: &State, method: &Method, expectation: &Described, problem: fmt::Arguments<'_>) -> ! {
    let (head, line) = (expectation.head(), expectation.line());
    state.give_up(format!("{}: expect_{} {problem}\n  {head}{line}", state.name, method.name))
}

/// An expectation does not say what is returned.
#[cold]
#[track_caller]
pub(super) fn no_result(state: &State, method: &Method, expectation: &Described) -> ! {
    about(state, method, expectation, format_args!("says nothing about its result: add `.returning(…)`"))
}

/// A closure that stays on its thread was asked on another one.
#[cold]
#[track_caller]
pub(super) fn other_thread(state: &State, method: &Method, expectation: &Described) -> ! {
    let help = "was called on another thread than the one that its closure stays on: use `.returning(…)`";
    about(state, method, expectation, format_args!("{help}"))
}

/// There is nothing to ask.
#[cold]
#[track_caller]
pub(super) fn nothing_real(state: &State, method: &Method, expectation: &Described) -> ! {
    let help = "asks a real object, and the mock has none: make it by `wrapping(…)`";
    about(state, method, expectation, format_args!("{help}"))
}

/// A lenient mock has nothing to return.
#[cold]
#[track_caller]
pub(super) fn no_blank(state: &State, method: &Method) -> ! {
    let (mock, name) = (state.name, method.name);
    let problem = "is not expected, and its result has no default";
    state.give_up(format!("{mock}: `{name}` {problem}: add `expect_{name}().returning(…)`"))
}

/// `return_once` was asked twice.
#[cold]
#[track_caller]
pub(super) fn only_once() -> ! {
    panic!("`return_once` returned its result already: use `returning`, or expect one call")
}

/// `return_seq` is used up.
#[cold]
#[track_caller]
pub(super) fn no_more_results() -> ! {
    panic!("`return_seq` returned all its results already: expect as many calls as it has")
}

/// Whether a result says nothing anyway.
pub(super) fn unit<T: 'static>() -> bool {
    TypeId::of::<T>() == TypeId::of::<()>()
}
