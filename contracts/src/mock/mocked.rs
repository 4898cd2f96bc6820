//! A mock: the part that the macro prints of its contract, and what it wraps.
//!
//! In: what the macro prints for each contract, which knows no other's methods. Out: [`Mocked`], for which the macro of every
//! contract implements its trait, by the part that is its own: so a mock of a contract that is built on others is one of those too,
//! whose mocks it holds. It does not know which parts there are: it looks for them.

use std::any::{Any, TypeId};
use std::ops::{Deref, DerefMut};
use std::{ptr, thread};

use plugin_abi::ExportOf;

use super::generated::Mock;
use super::state::{Desc, MockReport, State, raise};

/// A mock, or the part of one that a contract printed.
pub trait Part: Any {
    /// How it is.
    fn state(&self) -> &State;

    /// The same, to be changed.
    fn state_mut(&mut self) -> &mut State;

    /// One of the mocks that it holds; nothing behind the last.
    fn base_at(&self, _at: usize) -> Option<&dyn Part> {
        None
    }

    /// The same, to be changed.
    fn base_at_mut(&mut self, _at: usize) -> Option<&mut dyn Part> {
        None
    }
}

/// Changes the state of a mock, and of all that it holds.
pub(super) fn each_state(part: &mut dyn Part, change: &mut dyn FnMut(&mut State)) {
    change(part.state_mut());
    let mut at = 0;
    while let Some(base) = part.base_at_mut(at) {
        each_state(base, change);
        at += 1;
    }
}

/// What the macro prints of a contract.
pub trait Parts: Part + Sized {
    /// What it is a mock of: `dyn Store`.
    type Contract: ?Sized + 'static;
    /// How the functions of the mock are called.
    type Names;

    /// Expects nothing.
    fn new() -> Self;

    /// The same behind a plugin.
    #[track_caller]
    fn behind(&self) -> Self;
}

/// That a contract has a mock.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no mock",
    label = "its mock is needed here, by a library that `mock-so` builds or by the mock of a contract that is built on it",
    note = "write `mock` in its `#[plugin_contract(…)]`, as in `#[plugin_contract(id = \"acme.store\", version = \"1.0.0\", mock)]`"
)]
pub trait HasMock {
    /// Its mock.
    type Mock: Mock;
}

/// How the functions of a mock are called.
pub struct Plain;
/// With `mock_` in front, because the contract has a method of one of their names.
pub struct Prefixed;
/// With `mock_` in front twice, because the contract has one of those names too.
pub struct PrefixedTwice;

/// A mock. That of a contract that is built on others holds their mocks: what is expected of their methods is said to those, by
/// `base_mut`.
///
/// Where the contract has a method of the name of a function here, all of these have `mock_` in front: `mock_verify()`.
pub struct Mocked<M: Parts> {
    part: M,
    real: Option<Box<M::Contract>>,
}

macro_rules! functions {
    ($style:ident $new:ident $lenient:ident $wrapping:ident $wrapping_box:ident $at_version:ident $without_log:ident
        $with_times:ident $base:ident $base_mut:ident $verify:ident $checkpoint:ident) => {
        impl<M: Parts<Names = $style>> Mocked<M> {
            /// A mock that expects nothing.
            #[must_use]
            pub fn $new() -> Self {
                Self { part: M::new(), real: None }
            }

            /// A mock that answers what nobody expects with a default, or `Ok` with one; so do those that it holds.
            #[must_use]
            pub fn $lenient() -> Self {
                Self::default().with(|state| state.lenient = true)
            }

            /// A spy: what nobody expects is asked of this object, whichever of the contracts brings it.
            #[must_use]
            pub fn $wrapping<T>(real: T) -> Self
            where
                M::Contract: ExportOf<T>,
            {
                Mock::around(M::Contract::boxed(real))
            }

            /// A spy around an object that is one already: a loaded plugin's, say.
            #[must_use]
            pub fn $wrapping_box(real: Box<M::Contract>) -> Self {
                Mock::around(real)
            }

            /// A mock of this or an older version of the contract: it lacks the methods that came later. Those that it holds are of
            /// their latest.
            ///
            /// # Panics
            /// It is no such version, or one that lacks a method without a default body.
            #[must_use]
            #[track_caller]
            pub fn $at_version(version: &str) -> Self {
                let mut mock = Self::default();
                mock.part.state_mut().at_version(version);
                mock
            }

            /// Does not write calls down.
            #[must_use]
            pub fn $without_log(self) -> Self {
                self.with(|state| state.log = false)
            }

            /// Writes down when each call came, too.
            #[must_use]
            pub fn $with_times(self) -> Self {
                self.with(|state| state.times = true)
            }

            /// The mock of a contract that this one is built on. One that is there by two ways is there once for who calls it.
            ///
            /// # Panics
            /// There is none.
            #[must_use]
            #[track_caller]
            pub fn $base<B: Part>(&self) -> &B {
                find(self, TypeId::of::<B>()).and_then(|found| found.downcast_ref()).expect(BASE)
            }

            /// The same, to expect something of it.
            ///
            /// # Panics
            /// There is none.
            #[must_use]
            #[track_caller]
            pub fn $base_mut<B: Part>(&mut self) -> &mut B {
                find_mut(self, TypeId::of::<B>()).and_then(|found| found.downcast_mut()).expect(BASE)
            }

            /// Whether all that was expected came, and nothing else, of any of its methods. An unexpected call is told once.
            ///
            /// # Errors
            /// What did not come, and what came.
            pub fn $verify(&self) -> Result<(), MockReport> {
                verdict(&self.part)
            }

            /// Verifies, forgets every expectation and the log, and begins anew.
            ///
            /// # Panics
            /// Something expected did not come, or an unexpected call was not noticed.
            #[track_caller]
            pub fn $checkpoint(&mut self) {
                let verdict = verdict(&self.part);
                // Not by a closure: the checkpoint is where this was called.
                restart(&mut self.part);
                raise(verdict);
            }
        }
    };
}

functions! {
    Plain new lenient wrapping wrapping_box at_version without_log with_times base base_mut verify checkpoint
}
functions! {
    Prefixed mock_new mock_lenient mock_wrapping mock_wrapping_box mock_at_version mock_without_log mock_with_times
        mock_base mock_base_mut mock_verify mock_checkpoint
}
functions! {
    PrefixedTwice mock_mock_new mock_mock_lenient mock_mock_wrapping mock_mock_wrapping_box mock_mock_at_version
        mock_mock_without_log mock_mock_with_times mock_mock_base mock_mock_base_mut mock_mock_verify mock_mock_checkpoint
}

const BASE: &str = "a mock of a contract that this one is built on";

/// What generated code asks. Not by methods, whose names are the contract's.
impl<M: Parts> Mocked<M> {
    /// How the part is that a contract printed.
    #[doc(hidden)]
    #[must_use]
    pub fn state_of<'a>(mock: &'a Self, desc: &'static Desc) -> &'a State {
        let own = mock.part.state();
        if ptr::eq(own.desc, desc) { own } else { state_among(&mock.part, desc) }
    }

    /// Whether it wraps an object.
    #[doc(hidden)]
    #[must_use]
    pub fn is_spy(mock: &Self) -> bool {
        mock.real.is_some()
    }

    /// The wrapped object. Only a mock that has one sends calls there.
    #[doc(hidden)]
    #[must_use]
    pub fn real(mock: &Self) -> &M::Contract {
        match &mock.real {
            Some(real) => real,
            None => not_real(),
        }
    }

    /// The same, to be changed.
    #[doc(hidden)]
    #[must_use]
    pub fn real_mut(mock: &mut Self) -> &mut M::Contract {
        match &mut mock.real {
            Some(real) => real,
            None => not_real(),
        }
    }

    fn with(mut self, mut change: impl FnMut(&mut State)) -> Self {
        each_state(&mut self.part, &mut change);
        self
    }
}

#[cold]
fn not_real() -> ! {
    unreachable!("only a mock that wraps an object sends calls there")
}

/// How a part is that one of the mocks is of which a mock holds.
#[cold]
fn state_among<'a>(part: &'a dyn Part, desc: &'static Desc) -> &'a State {
    fn of<'a>(part: &'a dyn Part, desc: &'static Desc) -> Option<&'a State> {
        let state = part.state();
        if ptr::eq(state.desc, desc) { Some(state) } else { bases(part).find_map(|base| of(base, desc)) }
    }
    of(part, desc).expect(BASE)
}

/// The first one, the nearest bases before what they are built on.
fn find(part: &dyn Part, wanted: TypeId) -> Option<&dyn Any> {
    let any: &dyn Any = part;
    if any.type_id() == wanted {
        return Some(any);
    }
    bases(part).find_map(|base| find(base, wanted))
}

fn find_mut(part: &mut dyn Part, wanted: TypeId) -> Option<&mut dyn Any> {
    let any: &dyn Any = part;
    if any.type_id() == wanted {
        return Some(part);
    }
    // Which way leads there is asked first: what is lent to be changed is lent once.
    let at = bases(part).position(|base| find(base, wanted).is_some())?;
    find_mut(part.base_at_mut(at)?, wanted)
}

/// The mocks that a mock holds.
fn bases(part: &dyn Part) -> impl Iterator<Item = &dyn Part> {
    (0..).map_while(|at| part.base_at(at))
}

/// Of a mock, and of all that it holds.
fn verdict(part: &dyn Part) -> Result<(), MockReport> {
    fn each(part: &dyn Part, texts: &mut Vec<String>) {
        texts.extend(part.state().verify().err().map(|report| report.text));
        bases(part).for_each(|base| each(base, texts));
    }
    let mut texts = Vec::new();
    each(part, &mut texts);
    if texts.is_empty() { Ok(()) } else { Err(MockReport { text: texts.join("\n") }) }
}

#[track_caller]
fn restart(part: &mut dyn Part) {
    part.state_mut().restart();
    let mut at = 0;
    while let Some(base) = part.base_at_mut(at) {
        restart(base);
        at += 1;
    }
}

impl<M: Parts> Part for Mocked<M> {
    fn state(&self) -> &State {
        self.part.state()
    }

    fn state_mut(&mut self) -> &mut State {
        self.part.state_mut()
    }

    fn base_at(&self, at: usize) -> Option<&dyn Part> {
        self.part.base_at(at)
    }

    fn base_at_mut(&mut self, at: usize) -> Option<&mut dyn Part> {
        self.part.base_at_mut(at)
    }
}

impl<M: Parts> Mock for Mocked<M> {
    type Contract = M::Contract;

    fn behind(&self) -> Self {
        Self { part: self.part.behind(), real: None }
    }

    fn around(real: Box<M::Contract>) -> Self {
        let mut mock = Self::default().with(|state| state.real = true);
        mock.real = Some(real);
        mock
    }
}

impl<M: Parts> Deref for Mocked<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.part
    }
}

impl<M: Parts> DerefMut for Mocked<M> {
    fn deref_mut(&mut self) -> &mut M {
        &mut self.part
    }
}

impl<M: Parts> Default for Mocked<M> {
    fn default() -> Self {
        Self { part: M::new(), real: None }
    }
}

impl<M: Parts> Drop for Mocked<M> {
    fn drop(&mut self) {
        // All at once; what it holds finds nothing left to say, or the panic going by.
        if !self.part.state().behind && !thread::panicking() {
            raise(verdict(&self.part));
        }
    }
}
