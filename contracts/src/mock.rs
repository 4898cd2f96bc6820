//! What all mocks share: predicates, how often a call is expected, and the report when it was not so.
//!
//! In: expectations that generated mocks hold. Out: verdicts, and messages that name every expectation with its place.
//! It does not know any contract.
//!
//! ```
//! use plugin_contracts::mock::eq;
//! use plugin_contracts::plugin_contract;
//!
//! #[plugin_contract(id = "example.lookup", version = "1.0.0", mock)]
//! pub trait Lookup {
//!     fn find(&self, key: &str) -> Option<u64>;
//! }
//!
//! # fn main() {
//! let mut lookup = MockLookup::new();
//! lookup.expect_find().with(eq("k")).times(1..).returning(|_| Some(7));
//! assert_eq!(lookup.find("k"), Some(7));
//! # }
//! ```

use std::borrow::Borrow;
use std::fmt::{self, Debug, Write as _};
use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};
use std::panic::Location;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A condition on one argument.
pub trait Predicate<T: ?Sized>: Send + Sync {
    /// Whether the argument satisfies it.
    fn matches(&self, value: &T) -> bool;

    /// How it reads in a report: `eq("k")`.
    fn describe(&self) -> String;
}

/// Any value.
#[must_use]
pub fn always() -> Always {
    Always
}

/// A value equal to this one: `eq("k")` for `&str`, `eq([1, 2])` for `&[u8]`.
#[must_use]
pub fn eq<U>(value: U) -> Eq<U> {
    Eq(value)
}

/// A value for which this returns true.
#[must_use]
pub fn function<F>(holds: F) -> Function<F> {
    Function(holds)
}

/// See [`always`].
#[derive(Clone, Copy, Debug)]
pub struct Always;

/// See [`eq`].
#[derive(Clone, Copy, Debug)]
pub struct Eq<U>(U);

/// See [`function`].
#[derive(Clone, Copy, Debug)]
pub struct Function<F>(F);

impl<T: ?Sized> Predicate<T> for Always {
    fn matches(&self, _: &T) -> bool {
        true
    }

    fn describe(&self) -> String {
        "always()".to_owned()
    }
}

impl<T: ?Sized + PartialEq + Debug, U: Borrow<T> + Send + Sync> Predicate<T> for Eq<U> {
    fn matches(&self, value: &T) -> bool {
        self.0.borrow() == value
    }

    fn describe(&self) -> String {
        format!("eq({:?})", self.0.borrow())
    }
}

impl<T: ?Sized, F: Fn(&T) -> bool + Send + Sync> Predicate<T> for Function<F> {
    fn matches(&self, value: &T) -> bool {
        (self.0)(value)
    }

    fn describe(&self) -> String {
        "function(…)".to_owned()
    }
}

/// How many calls are expected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times {
    least: usize,
    most: usize,
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self { least, most } if least == most => write!(f, "{least}"),
            Self { least, most: usize::MAX } => write!(f, "{least}.."),
            Self { least, most } => write!(f, "{least}..={most}"),
        }
    }
}

impl From<usize> for Times {
    fn from(exact: usize) -> Self {
        Self { least: exact, most: exact }
    }
}

impl From<RangeInclusive<usize>> for Times {
    fn from(range: RangeInclusive<usize>) -> Self {
        Self { least: *range.start(), most: *range.end() }
    }
}

impl From<Range<usize>> for Times {
    fn from(range: Range<usize>) -> Self {
        assert!(range.start < range.end, "times({range:?}) admits no number of calls");
        Self { least: range.start, most: range.end - 1 }
    }
}

impl From<RangeFrom<usize>> for Times {
    fn from(range: RangeFrom<usize>) -> Self {
        Self { least: range.start, most: usize::MAX }
    }
}

impl From<RangeTo<usize>> for Times {
    fn from(range: RangeTo<usize>) -> Self {
        Self::from(0..range.end)
    }
}

impl From<RangeToInclusive<usize>> for Times {
    fn from(range: RangeToInclusive<usize>) -> Self {
        Self { least: 0, most: range.end }
    }
}

impl From<RangeFull> for Times {
    fn from(_: RangeFull) -> Self {
        Self { least: 0, most: usize::MAX }
    }
}

/// The part of an expectation that does not depend on the method.
#[derive(Debug)]
pub struct Expectation {
    at: &'static Location<'static>,
    times: Times,
    calls: AtomicUsize,
}

impl Expectation {
    /// An expectation of one call, made by the caller of the caller.
    #[doc(hidden)]
    #[must_use]
    #[track_caller]
    pub fn here() -> Self {
        Self { at: Location::caller(), times: Times::from(1), calls: AtomicUsize::new(0) }
    }

    #[doc(hidden)]
    pub fn expect_times(&mut self, times: Times) {
        self.times = times;
    }

    /// Counts a call, unless there were enough.
    #[doc(hidden)]
    pub fn admit(&self) -> bool {
        let one_more = |calls| (calls < self.times.most).then(|| calls + 1);
        self.calls.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok()
    }

    #[doc(hidden)]
    #[must_use]
    pub fn describe<'a>(&'a self, predicates: Vec<(&'static str, Option<String>)>) -> Described<'a> {
        Described { base: self, predicates }
    }
}

/// An expectation as it is shown.
#[derive(Debug)]
pub struct Described<'a> {
    base: &'a Expectation,
    predicates: Vec<(&'static str, Option<String>)>,
}

impl Described<'_> {
    fn met(&self) -> bool {
        self.base.calls.load(Ordering::Relaxed) >= self.base.times.least
    }
}

impl fmt::Display for Described<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Expectation { at, times, calls } = self.base;
        let calls = calls.load(Ordering::Relaxed);
        write!(f, "{}:{}:{}  called {calls} of {times}", at.file(), at.line(), at.column())?;
        for (argument, predicate) in &self.predicates {
            write!(f, "  {argument}: {}", predicate.as_deref().unwrap_or("always()"))?;
        }
        Ok(())
    }
}

/// The expectations of a mock that were not met.
#[derive(Clone, Debug, PartialEq)]
pub struct MockReport {
    mock: &'static str,
    text: String,
}

impl MockReport {
    #[doc(hidden)]
    #[must_use]
    pub fn new(mock: &'static str) -> Self {
        Self { mock, text: String::new() }
    }

    #[doc(hidden)]
    pub fn method<'a>(&mut self, method: &str, expectations: impl Iterator<Item = Described<'a>>) {
        for unmet in expectations.filter(|expectation| !expectation.met()) {
            // Writing to a String cannot fail.
            let _ = write!(self.text, "\n  expect_{method}  {unmet}");
        }
    }

    #[doc(hidden)]
    pub fn finish(self) -> Result<(), Self> {
        if self.text.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for MockReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected calls did not come{}", self.mock, self.text)
    }
}

impl std::error::Error for MockReport {}

/// Raises that no expectation admits a call.
#[doc(hidden)]
#[track_caller]
pub fn unexpected<'a>(
    mock: &str,
    method: &str,
    arguments: &[(&str, String)],
    expectations: impl Iterator<Item = Described<'a>>,
) -> ! {
    let arguments: Vec<_> = arguments.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let mut text = format!("{mock}: unexpected call\n  call: {method}({})", arguments.join(", "));
    let before = text.len();
    for expectation in expectations {
        let _ = write!(text, "\n  not:  {expectation}");
    }
    if text.len() == before {
        let _ = write!(text, "\n  there is no expect_{method}");
    }
    panic!("{text}")
}

/// Raises that an expectation says nothing about its result.
#[doc(hidden)]
#[track_caller]
pub fn no_result(mock: &str, method: &str, expectation: &Described<'_>) -> ! {
    panic!("{mock}: expect_{method} says nothing about its result: add `.returning(…)`\n  {expectation}")
}

/// An argument as it is shown: by `Debug` if it has it, else by its type's name. See [`ShowOpaque`].
#[doc(hidden)]
pub struct Shown<'a, T: ?Sized>(pub &'a T);

impl<T: Debug + ?Sized> Shown<'_, T> {
    #[must_use]
    pub fn show(&self) -> String {
        const LONGEST: usize = 200;
        let text = format!("{:?}", self.0);
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}… [{} bytes]", &text[..end], text.len()),
            None => text,
        }
    }
}

/// Method lookup comes here when the argument has no `Debug`.
#[doc(hidden)]
pub trait ShowOpaque {
    fn show(&self) -> String;
}

impl<T: ?Sized> ShowOpaque for &Shown<'_, T> {
    fn show(&self) -> String {
        let name = std::any::type_name::<T>();
        format!("<{}>", name.rsplit("::").next().unwrap_or(name))
    }
}
