//! Mocks that stand behind plugins.
//!
//! In: a mock. Out: others that match and count with it, one for each plugin that hands its calls on. It does not know how calls
//! come there: `plugin_host::MockPlugin` does.

/// A mock that is generated.
///
/// While plugins hand their calls on to it, nothing more can be expected of it: whatever they call meanwhile would be met by
/// half an expectation.
pub trait Mock: Sized + 'static {
    /// A mock for a plugin: its calls are matched, counted and written down here, and whatever is wrong with one ends it as a
    /// plugin that failed ends its own.
    ///
    /// # Panics
    /// The mock wraps an object, which it alone has.
    #[doc(hidden)]
    #[track_caller]
    fn behind(&self) -> Self;
}
