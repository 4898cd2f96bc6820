//! What the methods of a mock share.
//!
//! In: how the mock was made. Out: its verdict. It does not know the contract.

use std::fmt;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use plugin_abi::{FaultKind, mock};

use super::report;
use super::slot::{Method, Slot};
use super::tape::Tape;
use super::version::Version;

/// What a mock is of, whatever is expected of it.
#[derive(Debug)]
pub struct Desc {
    /// `MockStore`
    pub name: &'static str,
    /// The contract's id.
    pub contract: &'static str,
    /// The contract's version.
    pub latest: Version,
    /// File, line and column of what printed the mock.
    pub own: (&'static str, u32, u32),
    /// Its methods.
    pub methods: &'static [Method],
}

/// All of a mock but the object that it wraps: how it is, what is expected of each method, and what came. Dropping it verifies.
pub struct State {
    pub(super) desc: &'static Desc,
    /// What nobody expects returns a default.
    pub lenient: bool,
    /// What nobody expects is asked of a real object.
    pub real: bool,
    /// Calls are written down.
    pub log: bool,
    /// With the time. Reading the clock costs as much as all the rest.
    pub times: bool,
    /// The version that it is of, if that is not the latest.
    pub(super) version: Option<Version>,
    /// What its real object answers is written here, or what it answers is read there.
    pub(super) tape: Option<Arc<Tape>>,
    /// A plugin hands its calls on to this mock.
    pub(super) behind: bool,
    pub(super) checkpoint: Option<&'static Location<'static>>,
    unexpected: Arc<Mutex<Vec<String>>>,
    /// By method. Mocks behind plugins have them too.
    pub(super) slots: Arc<[Slot]>,
}

impl State {
    /// Of a strict mock.
    #[must_use]
    pub fn new(desc: &'static Desc) -> Self {
        Self {
            desc,
            lenient: false,
            real: false,
            log: true,
            times: false,
            version: None,
            tape: None,
            behind: false,
            checkpoint: None,
            unexpected: Arc::default(),
            slots: desc.methods.iter().map(|_| Slot::default()).collect(),
        }
    }

    /// Of the same mock behind a plugin.
    ///
    /// # Panics
    /// The mock wraps an object.
    #[must_use]
    #[track_caller]
    pub fn behind(&self) -> Self {
        let name = self.desc.name;
        assert!(
            !self.real,
            "{name} wraps an object, which no plugin can have as well: let a mock without one stand behind the plugin, and \
             wrap the loaded plugin to spy on it"
        );
        let Self { desc, lenient, real, log, times, version, checkpoint, .. } = *self;
        let (tape, unexpected) = (self.tape.clone(), Arc::clone(&self.unexpected));
        let slots = Arc::clone(&self.slots);
        Self { desc, lenient, real, log, times, version, tape, behind: true, checkpoint, unexpected, slots }
    }

    /// Whether this is where the mock was printed: all that is known of a call through `dyn`.
    pub(super) fn is_own(&self, at: &Location<'_>) -> bool {
        (at.file(), at.line(), at.column()) == self.desc.own
    }

    /// Raises that a call was unexpected. Whoever swallows the panic is told once more, by [`verify`](Self::verify). Returns
    /// only while a panic goes by already.
    #[track_caller]
    pub(super) fn fail(&self, text: String) {
        self.unexpected().push(text.clone());
        if self.behind {
            mock::end(FaultKind::Passed, text);
        }
        if !thread::panicking() {
            panic!("{text}");
        }
    }

    /// Raises that the mock itself cannot go on, and remembers it.
    #[track_caller]
    pub(super) fn give_up(&self, text: String) -> ! {
        self.unexpected().push(text.clone());
        if self.behind {
            mock::end(FaultKind::Passed, text);
        }
        panic!("{text}");
    }

    fn unexpected(&self) -> MutexGuard<'_, Vec<String>> {
        self.unexpected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether all that was expected came, and nothing else. An unexpected call is told once.
    ///
    /// # Errors
    /// What did not come, and what came.
    pub fn verify(&self) -> Result<(), MockReport> {
        let unexpected = std::mem::take(&mut *self.unexpected());
        let expectations = self.slots.iter().flat_map(|slot| &slot.expectations);
        let text = report::verdict(self.desc.name, expectations.map(|one| one.describe(None)), &unexpected);
        if text.is_empty() { Ok(()) } else { Err(MockReport { text }) }
    }

    /// Verifies, forgets every expectation and the log, and begins anew.
    ///
    /// # Panics
    /// Something expected did not come, or an unexpected call was not noticed.
    #[track_caller]
    pub fn checkpoint(&mut self) {
        let verdict = self.verify();
        self.restart();
        raise(verdict);
    }

    /// Forgets every expectation and the log.
    #[track_caller]
    pub(super) fn restart(&mut self) {
        self.clear();
        self.checkpoint = Some(Location::caller());
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if !self.behind && !thread::panicking() {
            raise(self.verify());
        }
    }
}

#[track_caller]
pub(super) fn raise(verdict: Result<(), MockReport>) {
    if let Err(report) = verdict {
        panic!("{report}");
    }
}

/// What a mock found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockReport {
    pub(super) text: String,
}

impl fmt::Display for MockReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for MockReport {}
