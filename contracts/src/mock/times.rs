//! How many calls are expected.
//!
//! In: a number or a range. Out: least and most. It does not know what was called.

use std::fmt;
use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

/// How many calls are expected: a number, or a range such as `1..` or `1..=2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    pub(super) least: usize,
    pub(super) most: usize,
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
    #[track_caller]
    fn from(range: RangeInclusive<usize>) -> Self {
        assert!(range.start() <= range.end(), "times({range:?}) admits no number of calls");
        Self { least: *range.start(), most: *range.end() }
    }
}

impl From<Range<usize>> for Times {
    #[track_caller]
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
    #[track_caller]
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
