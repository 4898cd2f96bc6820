//! What becomes of a call that no closure answers.
//!
//! In: a call, whatever its types, and who it is about. Out: a default, a fault, what a recording says, or that others answer; a
//! panic, when nobody expects it. It does not know what is passed: who has it is asked.

use std::any::Any;
use std::panic::Location;
use std::thread;

use plugin_abi::{FaultKind, PluginFault, mock};

use super::args::{Args, Asked};
use super::call::{Missed, Open};
use super::expectation::{Action, Run};
use super::report;
use super::slot::not_its_own;
use super::state::State;
use super::tape::{Found, Given, NoJson};
use super::value::Outcome;

/// Who answers a call.
pub(super) enum Who {
    Expectation(usize),
    Elsewhere,
    Blank,
    /// A recording, in this line.
    Recorded(Box<Given>),
}

/// What only the types of a signature can answer.
pub(super) enum Ask<'a> {
    /// What this says, which is a `Box<`[`Run`]`>`.
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
pub(super) trait Gives {
    /// Whether there is a result now.
    fn give(&mut self, ask: Ask<'_>) -> bool;
    /// All arguments, as a recording has them.
    #[cfg(feature = "record")]
    fn document(&self, names: &[&str]) -> super::tape::Document;
}

pub(super) struct Giving<'a, A: Args, R: Outcome> {
    pub(super) args: Option<A::Of<'a>>,
    pub(super) result: Option<R::Of<'static>>,
}

impl<A: Args, R: Outcome> Gives for Giving<'_, A, R> {
    fn give(&mut self, ask: Ask<'_>) -> bool {
        self.result = match ask {
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

    #[cfg(feature = "record")]
    fn document(&self, names: &[&str]) -> super::tape::Document {
        self.args.as_ref().map_or_else(|| not_its_own(), |args| A::document(names, args))
    }
}

impl State {
    /// Who answers what no expectation admits.
    #[cold]
    #[track_caller]
    pub(super) fn otherwise(&self, at: usize, call: &dyn Asked, place: &Location<'_>) -> Who {
        let (method, expectations) = (self.method(at), &self.slot(at).expectations);
        if self.absent(at).is_some() {
            return Who::Elsewhere;
        }
        let none_is_about = !expectations.iter().any(|one| one.is_about(call));
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
        let expectations = expectations.iter().map(|one| one.describe(Some(call))).collect();
        let mut text = report::unexpected(self, method, &call.show(), expectations, place);
        if let Some(why) = recorded {
            text += "\n  replay:  ";
            text += &why;
        }
        self.fail(text);
        // What is dropped while a panic goes by must not panic too: that would end the process.
        Who::Blank
    }

    /// Lets somebody give the answer; or writes the call down, when that comes from elsewhere, and says where its result is missed.
    #[track_caller]
    pub(super) fn settle(
        &self,
        method: usize,
        who: Who,
        open: &mut Open<'_>,
        giving: &mut dyn Gives,
    ) -> Option<Missed> {
        if self.give(method, who, giving) {
            return None;
        }
        #[cfg(feature = "record")]
        let recorded = self.tape.as_ref().filter(|_| self.real).and_then(|tape| {
            let of = self.method(method);
            tape.begin(of.name, || giving.document(of.args))
        });
        Some(Missed {
            method,
            log: open.push(),
            #[cfg(feature = "record")]
            recorded,
        })
    }

    /// Whether there is an answer, and it does not come from elsewhere.
    #[track_caller]
    fn give(&self, method: usize, who: Who, giving: &mut dyn Gives) -> bool {
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
        let of = self.method(method);
        let given = match &self.slot(method).expectations[index].parts().raw.action {
            // Who has the types has called it.
            Action::Run => not_its_own(),
            Action::Here(here) => {
                let mut given = false;
                if !here.run(&mut |function| given = giving.give(Ask::Here(function))) {
                    report::other_thread(self, method, index);
                }
                given
            }
            Action::Real if self.real || of.optional => return false,
            Action::Real => report::nothing_real(self, method, index),
            Action::Fail(fault) => {
                let fault = fault(self.desc.contract, of.name);
                if self.behind {
                    mock::end(fault.kind, fault.message);
                }
                giving.give(Ask::Fault(Box::new(fault)))
            }
            // A result that says nothing need not be said.
            Action::Unsaid if giving.give(Ask::Unit) => true,
            Action::Unsaid => report::no_result(self, method, index),
        };
        if !given {
            report::used_up(self, method, index);
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
}
