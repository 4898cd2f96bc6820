//! Mocks of contracts that are built on others: a mock that holds those of the others.
//!
//! In: what the macro prints for each contract, which knows no other's methods. Out: [`Mocked`], for which the macro of every
//! contract implements its trait, by the part that is its own. It does not know which parts there are: it looks for them.

use std::any::{Any, TypeId};
use std::ops::{Deref, DerefMut};
use std::thread;

use super::state::{MockReport, State, raise};

/// A mock, or the part of one that a contract printed.
pub trait Part: Any {
    /// Whether all that was expected came, and nothing else.
    ///
    /// # Errors
    /// What did not come, and what came.
    fn verify(&self) -> Result<(), MockReport>;

    /// Forgets every expectation and the log.
    #[track_caller]
    fn clear(&mut self);

    /// How it is.
    fn state(&mut self) -> &mut State;

    /// The mocks that it holds.
    fn bases(&self) -> Vec<&dyn Part> {
        Vec::new()
    }

    /// The same, to be changed.
    fn bases_mut(&mut self) -> Vec<&mut dyn Part> {
        Vec::new()
    }
}

/// What the macro prints of a contract that is built on others.
pub trait Parts: Part + Sized {
    /// Expects nothing.
    fn new() -> Self;

    /// Becomes one of this or an older version.
    #[track_caller]
    fn at_version(&mut self, version: &str);
}

/// That a contract has a mock.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no mock",
    label = "the mock of a contract that is built on it would hold its mock",
    note = "write `mock` in its `#[plugin_contract(…)]`, or leave it out here"
)]
pub trait HasMock {
    /// Its mock.
    type Mock: Part + Default;
}

/// The mock of a contract that is built on others. It holds their mocks: what is expected of their methods is said to those, by
/// [`base_mut`](Self::base_mut).
pub struct Mocked<M: Parts>(M);

impl<M: Parts> Mocked<M> {
    /// A mock that expects nothing.
    #[must_use]
    pub fn new() -> Self {
        Self(M::new())
    }

    /// A mock that answers what nobody expects with a default, or `Ok` with one; so do those that it holds.
    #[must_use]
    pub fn lenient() -> Self {
        Self::new().with(|state| state.lenient = true)
    }

    /// A mock of this or an older version of the contract: it lacks the methods that came later. Those that it holds are of
    /// their latest.
    ///
    /// # Panics
    /// It is no such version, or one that lacks a method without a default body.
    #[must_use]
    #[track_caller]
    pub fn at_version(version: &str) -> Self {
        let mut mock = Self::new();
        mock.0.at_version(version);
        mock
    }

    /// Does not write calls down.
    #[must_use]
    pub fn without_log(self) -> Self {
        self.with(|state| state.log = false)
    }

    /// The mock of a contract that this one is built on. One that is there by two ways is there once for who calls it.
    ///
    /// # Panics
    /// There is none.
    #[must_use]
    #[track_caller]
    pub fn base<B: Part>(&self) -> &B {
        self.part()
    }

    /// The same, to expect something of it.
    ///
    /// # Panics
    /// There is none.
    #[must_use]
    #[track_caller]
    pub fn base_mut<B: Part>(&mut self) -> &mut B {
        self.part_mut()
    }

    /// Whether all that was expected came, and nothing else, of any of its methods. An unexpected call is told once.
    ///
    /// # Errors
    /// What did not come, and what came.
    pub fn verify(&self) -> Result<(), MockReport> {
        Part::verify(self)
    }

    /// Verifies, forgets every expectation and the log, and begins anew.
    ///
    /// # Panics
    /// Something expected did not come, or an unexpected call was not noticed.
    #[track_caller]
    pub fn checkpoint(&mut self) {
        let verdict = Part::verify(self);
        Part::clear(self);
        raise(verdict);
    }

    /// The part that a contract printed.
    ///
    /// # Panics
    /// There is none.
    #[doc(hidden)]
    #[must_use]
    #[track_caller]
    pub fn part<P: Part>(&self) -> &P {
        find(self, TypeId::of::<P>())
            .and_then(|found| found.downcast_ref())
            .expect("a mock of a contract that this one is built on")
    }

    /// The same, to be changed.
    ///
    /// # Panics
    /// There is none.
    #[doc(hidden)]
    #[must_use]
    #[track_caller]
    pub fn part_mut<P: Part>(&mut self) -> &mut P {
        find_mut(self, TypeId::of::<P>())
            .and_then(|found| found.downcast_mut())
            .expect("a mock of a contract that this one is built on")
    }

    fn with(mut self, change: fn(&mut State)) -> Self {
        fn all(part: &mut dyn Part, change: fn(&mut State)) {
            change(part.state());
            part.bases_mut().into_iter().for_each(|base| all(base, change));
        }
        all(&mut self.0, change);
        self
    }
}

/// The first one, the nearest bases before what they are built on.
fn find(part: &dyn Part, wanted: TypeId) -> Option<&dyn Any> {
    let any: &dyn Any = part;
    if any.type_id() == wanted {
        return Some(any);
    }
    part.bases().into_iter().find_map(|base| find(base, wanted))
}

fn find_mut(part: &mut dyn Part, wanted: TypeId) -> Option<&mut dyn Any> {
    let any: &dyn Any = part;
    if any.type_id() == wanted {
        return Some(part);
    }
    part.bases_mut().into_iter().find_map(|base| find_mut(base, wanted))
}

impl<M: Parts> Part for Mocked<M> {
    fn verify(&self) -> Result<(), MockReport> {
        let bases = self.0.bases().into_iter().map(Part::verify);
        let texts = [self.0.verify()].into_iter().chain(bases).filter_map(Result::err);
        let texts: Vec<_> = texts.map(|report| report.to_string()).collect();
        if texts.is_empty() { Ok(()) } else { Err(MockReport { text: texts.join("\n") }) }
    }

    fn clear(&mut self) {
        self.0.clear();
        self.0.bases_mut().into_iter().for_each(Part::clear);
    }

    fn state(&mut self) -> &mut State {
        self.0.state()
    }

    fn bases(&self) -> Vec<&dyn Part> {
        vec![&self.0]
    }

    fn bases_mut(&mut self) -> Vec<&mut dyn Part> {
        vec![&mut self.0]
    }
}

impl<M: Parts> Deref for Mocked<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.0
    }
}

impl<M: Parts> DerefMut for Mocked<M> {
    fn deref_mut(&mut self) -> &mut M {
        &mut self.0
    }
}

impl<M: Parts> Default for Mocked<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M: Parts> Drop for Mocked<M> {
    fn drop(&mut self) {
        // All at once; what it holds finds nothing left to say, or the panic going by.
        if !thread::panicking() {
            raise(Part::verify(self));
        }
    }
}
