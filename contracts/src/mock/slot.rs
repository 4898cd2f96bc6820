//! One method of a mock: its expectations and its log.
//!
//! In: a method by its number, and the types of its signature. Out: one more expectation, or the calls that came. It does not know
//! how a call finds who answers.

use std::any::Any;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use plugin_abi::mock::Turn;

use super::args::Args;
use super::expectation::{AnyExpectation, Expectation, Raw};
use super::log::{Call, Entry};
use super::state::State;
use super::value::Outcome;
use super::version::Version;

/// What is known of a method.
#[derive(Debug)]
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// Its arguments' names.
    pub args: &'static [&'static str],
    /// Whether it has a default body.
    pub optional: bool,
    /// The version that brought it, if that was not the first.
    pub since: Option<Version>,
}

/// What is expected of a method, and what came.
#[derive(Default)]
pub(super) struct Slot {
    pub(super) expectations: Vec<Box<dyn AnyExpectation>>,
    pub(super) log: Mutex<Vec<Box<Entry>>>,
}

impl Slot {
    pub(super) fn log(&self) -> MutexGuard<'_, Vec<Box<Entry>>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a call down, and says where.
    pub(super) fn push(&self, entry: Box<Entry>) -> usize {
        let mut log = self.log();
        log.push(entry);
        log.len() - 1
    }
}

/// Never: all that lies in a slot is of its method.
#[cold]
pub(super) fn not_its_own() -> ! {
    unreachable!("what is expected of a method is of its types")
}

impl State {
    pub(super) fn slot(&self, method: usize) -> &Slot {
        &self.slots[method]
    }

    pub(super) fn method(&self, method: usize) -> &'static Method {
        &self.desc.methods[method]
    }

    /// The version that brought a method, and the older one that the mock is of.
    pub(super) fn absent(&self, method: usize) -> Option<(Version, Version)> {
        let (since, version) = (self.method(method).since?, self.version?);
        (version < since).then_some((since, version))
    }

    /// Becomes the mock of this or an older version.
    ///
    /// # Panics
    /// It is no such version, or lacks a method without a default body: a host refuses to load such a plugin.
    #[track_caller]
    pub fn at_version(&mut self, version: &str) {
        let version = Version::of(version, self.desc.latest);
        self.version = Some(version);
        for (at, method) in self.desc.methods.iter().enumerate() {
            if let (Some((since, _)), false) = (self.absent(at), method.optional) {
                let name = method.name;
                panic!(
                    "a plugin of {version} has no `{name}`, which came with {since} and has no default body: no host loads it"
                );
            }
        }
    }

    /// One more expectation.
    ///
    /// # Panics
    /// The mock is of a version that lacks the method.
    #[track_caller]
    pub fn expect<A: Args, R: Outcome>(&mut self, method: usize) -> &mut Expectation<A, R> {
        let raw = Raw::new(self.method(method), Location::caller());
        let new: Expectation<A, R> = Expectation { raw, matcher: None, run: Turn::new(None) };
        let expectation: &mut dyn Any = self.push_expectation(method, Box::new(new));
        let Some(expectation) = expectation.downcast_mut() else { not_its_own() };
        expectation
    }

    #[track_caller]
    fn push_expectation(&mut self, method: usize, new: Box<dyn AnyExpectation>) -> &mut dyn AnyExpectation {
        let name = self.method(method).name;
        if let Some((since, version)) = self.absent(method) {
            panic!(
                "`{name}` came with {since}, and this mock is of {version}: what calls it gets its default body"
            );
        }
        let slots = alone(&mut self.slots, name);
        &mut **slots[method].expectations.push_mut(new)
    }

    /// Forgets what was expected, and what came.
    ///
    /// # Panics
    /// Plugins hand their calls on to the mock.
    #[track_caller]
    pub(super) fn clear(&mut self) {
        // A contract without methods has nothing to forget.
        let Some(method) = self.desc.methods.first() else { return };
        for slot in alone(&mut self.slots, method.name) {
            slot.expectations.clear();
            slot.log.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// The calls so far, in order.
    #[must_use]
    pub fn calls<A: Args, R: Outcome>(&self, method: usize) -> Vec<Call<A, R>> {
        let mut calls: Vec<Call<A, R>> =
            self.slot(method).log().iter().map(|entry| entry.call(self.method(method))).collect();
        calls.sort_by_key(|call| call.order);
        calls
    }
}

/// What no plugin looks at.
#[track_caller]
fn alone<'a>(slots: &'a mut Arc<[Slot]>, name: &str) -> &'a mut [Slot] {
    Arc::get_mut(slots).unwrap_or_else(|| {
        panic!(
            "`{name}` cannot be told anew while plugins hand their calls on to this mock: program them with another, or drop the \
             `MockPlugin` and every plugin that was loaded from its file"
        )
    })
}
