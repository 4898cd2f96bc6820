//! Versions of a contract.
//!
//! In: text. Out: three numbers that can be compared. It does not know contracts.

use std::fmt;

/// `1.1.0`
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl Version {
    /// The version that a mock is of, not later than the contract's.
    ///
    /// # Panics
    /// It is none, or there is no such version yet.
    #[must_use]
    #[track_caller]
    pub fn of(text: &str, latest: Self) -> Self {
        let mut numbers = text.split('.').map(str::parse);
        match (numbers.next(), numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor)), Some(Ok(patch)), None)
                if Self(major, minor, patch) <= latest =>
            {
                Self(major, minor, patch)
            }
            (Some(Ok(_)), Some(Ok(_)), Some(Ok(_)), None) => {
                panic!("`{text}` is later than the contract, which is of {latest}")
            }
            _ => panic!("`{text}` is no version of a contract: use three numbers, as in `1.0.0`"),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(major, minor, patch) = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}
