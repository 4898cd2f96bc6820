//! Versions of contracts: `major.minor.patch`, nothing more.

use std::fmt;

/// A contract's version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Raised by what breaks.
    pub major: u32,
    /// Raised by what adds.
    pub minor: u32,
    /// Raised by anything else.
    pub patch: u32,
}

impl Version {
    /// Stands for a version that nobody could read: later than any `since`, so that one mistake is one error.
    pub(super) const LATEST: Self = Self { major: u32::MAX, minor: 0, patch: 0 };

    /// Reads `1.2.3`. No pre-releases, no build metadata, no leading zeros: what is compared with numbers is numbers.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| {
            let canonical = part == "0" || !part.starts_with('0');
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            if canonical && digits { part.parse().ok() } else { None }
        });
        let version = Self { major: parts.next()??, minor: parts.next()??, patch: parts.next()?? };
        if parts.next().is_none() { Some(version) } else { None }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_three_plain_numbers() {
        assert_eq!(Version::parse("1.20.3"), Some(Version { major: 1, minor: 20, patch: 3 }));
        for bad in
            ["", "1", "1.2", "1.2.3.4", "1.2.x", "01.2.3", "1.2.-3", "1.2.3-rc1", " 1.2.3", "1..3", "+1.2.3"]
        {
            assert_eq!(Version::parse(bad), None, "{bad:?}");
        }
    }
}
