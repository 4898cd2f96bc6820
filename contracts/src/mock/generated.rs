//! What every generated mock is.
//!
//! In: a mock. Out: others that match and count with it, one for each plugin that hands its calls on; and mocks that record, or
//! answer from a recording. It does not know how calls come there: `plugin_host::MockPlugin` does.

#[cfg(feature = "record")]
use std::sync::Arc;

use super::mocked::Part;
#[cfg(feature = "record")]
use super::mocked::each_state;
#[cfg(feature = "record")]
use super::tape::{ReplayError, Tape};

/// A mock that is generated.
///
/// While plugins hand their calls on to it, nothing more can be expected of it: whatever they call meanwhile would be met by
/// half an expectation.
pub trait Mock: Part + Default {
    /// What it is a mock of: `dyn Store`.
    type Contract: ?Sized;

    /// A mock for a plugin: its calls are matched, counted and written down here, and whatever is wrong with one ends it as a
    /// plugin that failed ends its own.
    ///
    /// # Panics
    /// The mock wraps an object, which it alone has.
    #[doc(hidden)]
    #[track_caller]
    fn behind(&self) -> Self;

    #[doc(hidden)]
    fn around(real: Box<Self::Contract>) -> Self;

    /// A spy that writes down, as a line of JSON each, what this object answers to what nobody expects.
    ///
    /// A call that panics leaves no line. One whose arguments or result have no JSON, such as closures, objects and what is written
    /// to its caller's memory, leaves a line that says so.
    ///
    /// # Errors
    /// The file cannot be written.
    #[cfg(feature = "record")]
    fn recording(real: Box<Self::Contract>, path: impl AsRef<std::path::Path>) -> std::io::Result<Self>
    where
        Self::Contract: plugin_abi::Contract,
    {
        let tape = Tape::record(path.as_ref(), <Self::Contract as plugin_abi::Contract>::DESC)?;
        Ok(with_tape(Self::around(real), tape))
    }

    /// A mock that answers what nobody expects with what was recorded: each line once, to a call with its arguments. A method
    /// of which nothing was recorded has its default body, if there is one.
    ///
    /// # Errors
    /// The file is no recording of this contract, or of another form of it.
    #[cfg(feature = "record")]
    fn replay(path: impl AsRef<std::path::Path>) -> Result<Self, ReplayError>
    where
        Self::Contract: plugin_abi::Contract,
    {
        let tape = Tape::replay(path.as_ref(), <Self::Contract as plugin_abi::Contract>::DESC)?;
        Ok(with_tape(Self::default(), tape))
    }
}

/// The mock with a tape, which all that it holds share.
#[cfg(feature = "record")]
fn with_tape<M: Part>(mut mock: M, tape: Tape) -> M {
    let tape = Arc::new(tape);
    each_state(&mut mock, &mut |state| state.tape = Some(Arc::clone(&tape)));
    mock
}
