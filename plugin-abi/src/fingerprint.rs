//! Fingerprints: 128 bits that stand for a method, a type or a contract.
//!
//! In: canonical bytes, each piece prefixed by its length. Out: a [`Fingerprint`], computed by rustc in a
//! const. It does not know what it hashes; `graph` does.

use core::fmt;

/// A 128-bit FNV-1a hash (Fowler, Noll, Vo; draft-eastlake-fnv). Equal means "the same on the wire".
///
/// It separates honest builds from each other. It is no defence against a forger, and need not be: whoever can
/// forge a plugin can already run code; digests and signatures are the host's business.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u128);

impl Fingerprint {
    /// The fingerprint as two halves, low first: the form in which tables carry it.
    #[must_use]
    pub const fn halves(self) -> [u64; 2] {
        [self.0 as u64, (self.0 >> 64) as u64]
    }

    /// The inverse of [`halves`](Self::halves).
    #[must_use]
    pub const fn from_halves(halves: [u64; 2]) -> Self {
        Self(halves[0] as u128 | (halves[1] as u128) << 64)
    }

    /// Whether two fingerprints are equal, for consts (`==` is no const fn).
    #[must_use]
    pub const fn same(self, other: Self) -> bool {
        self.0 == other.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fnv128:{:032x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The running hash behind a [`Fingerprint`], usable in consts.
#[derive(Clone, Copy)]
pub struct Hasher(u128);

impl Hasher {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

    /// An empty hash.
    #[must_use]
    pub const fn new() -> Self {
        Self(Self::OFFSET)
    }

    /// Adds a number: sixteen bytes, little end first.
    #[must_use]
    pub const fn number(self, value: u128) -> Self {
        self.bytes(&value.to_le_bytes())
    }

    /// Adds a text, prefixed by its length in bytes, so that `"ab", "c"` and `"a", "bc"` differ.
    #[must_use]
    pub const fn text(self, value: &str) -> Self {
        self.number(value.len() as u128).bytes(value.as_bytes())
    }

    const fn bytes(mut self, bytes: &[u8]) -> Self {
        let mut at = 0;
        while at < bytes.len() {
            self.0 = (self.0 ^ bytes[at] as u128).wrapping_mul(Self::PRIME);
            at += 1;
        }
        self
    }

    /// The hash of what was added.
    #[must_use]
    pub const fn finish(self) -> Fingerprint {
        Fingerprint(self.0)
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_frozen() {
        // A change of these values refuses every plugin ever built: it needs a new ABI revision.
        assert_eq!(Hasher::new().finish().0, 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        let fingerprint = Hasher::new().text("get").number(7).finish();
        assert_eq!(fingerprint.to_string(), "fnv128:5d2d9247bc752552b795612552a08105");
    }

    #[test]
    fn halves_round_trip() {
        let fingerprint = Hasher::new().text("scan").finish();
        assert_eq!(Fingerprint::from_halves(fingerprint.halves()), fingerprint);
    }
}
