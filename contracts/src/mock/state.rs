//! What the methods of a mock share.
//!
//! In: how the mock was made. Out: its verdict. It does not know the contract.

use std::fmt;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use plugin_abi::{FaultKind, mock};

use super::report;
use super::slot::Verify;
use super::tape::Tape;

/// The state of a mock.
pub struct State {
    pub(super) name: &'static str,
    pub(super) contract: &'static str,
    /// File, line and column of what printed the mock.
    own: (&'static str, u32, u32),
    /// What nobody expects returns a default.
    pub lenient: bool,
    /// What nobody expects is asked of a real object.
    pub real: bool,
    /// Calls are written down.
    pub log: bool,
    /// With the time. Reading the clock costs as much as all the rest.
    pub times: bool,
    /// What its real object answers is written here, or what it answers is read there.
    pub(super) tape: Option<Arc<Tape>>,
    /// A plugin hands its calls on to this mock.
    pub(super) behind: bool,
    pub(super) checkpoint: Option<&'static Location<'static>>,
    unexpected: Arc<Mutex<Vec<String>>>,
}

impl State {
    /// Of a strict mock.
    #[must_use]
    pub fn new(name: &'static str, contract: &'static str, own: (&'static str, u32, u32)) -> Self {
        let unexpected = Arc::default();
        let (lenient, real, log, times, behind) = (false, false, true, false, false);
        let (tape, checkpoint) = (None, None);
        Self { name, contract, own, lenient, real, log, times, tape, behind, checkpoint, unexpected }
    }

    /// Its real object's answers are written to a new file.
    ///
    /// # Errors
    /// It cannot be written.
    #[cfg(feature = "record")]
    pub fn record(
        &mut self,
        path: &std::path::Path,
        contract: &plugin_abi::describe::ContractDesc,
    ) -> std::io::Result<()> {
        self.tape = Some(Arc::new(Tape::record(path, contract)?));
        Ok(())
    }

    /// It answers what a file says.
    ///
    /// # Errors
    /// The file is no recording of this contract.
    #[cfg(feature = "record")]
    pub fn replay(
        &mut self,
        path: &std::path::Path,
        contract: &plugin_abi::describe::ContractDesc,
    ) -> Result<(), super::ReplayError> {
        self.tape = Some(Arc::new(Tape::replay(path, contract)?));
        Ok(())
    }

    /// Of the same mock behind a plugin.
    ///
    /// # Panics
    /// The mock wraps an object.
    #[must_use]
    #[track_caller]
    pub fn behind(&self) -> Self {
        let name = self.name;
        assert!(
            !self.real,
            "{name} wraps an object, which no plugin can have as well: let a mock without one stand behind the plugin, and \
             wrap the loaded plugin to spy on it"
        );
        let (tape, unexpected) = (self.tape.clone(), Arc::clone(&self.unexpected));
        Self { behind: true, tape, unexpected, ..*self }
    }

    /// Whether this is where the mock was printed: all that is known of a call through `dyn`.
    pub(super) fn is_own(&self, at: &Location<'_>) -> bool {
        (at.file(), at.line(), at.column()) == self.own
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
    pub fn verify(&self, methods: &[&dyn Verify]) -> Result<(), MockReport> {
        let unexpected = std::mem::take(&mut *self.unexpected());
        let expectations = methods.iter().flat_map(|method| method.describe());
        let text = report::verdict(self.name, expectations, &unexpected);
        if text.is_empty() { Ok(()) } else { Err(MockReport { text }) }
    }

    /// Verifies when the mock is dropped.
    #[track_caller]
    pub fn dropped(&self, methods: &[&dyn Verify]) {
        if !self.behind && !thread::panicking() {
            raise(self.verify(methods));
        }
    }

    /// Begins anew, unless the verdict is bad.
    #[track_caller]
    pub fn checkpoint(&mut self, verdict: Result<(), MockReport>) {
        self.checkpoint = Some(Location::caller());
        raise(verdict);
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
