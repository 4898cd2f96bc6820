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
    pub const fn number(mut self, value: u128) -> Self {
        // A byte of zero multiplies and does nothing else, and most of a small number are zeros: rustc, which computes
        // these hashes step by step, is spared them.
        let (mut rest, mut left) = (value, 16);
        while rest != 0 {
            self.0 = (self.0 ^ (rest & 0xff)).wrapping_mul(Self::PRIME);
            rest >>= 8;
            left -= 1;
        }
        self.0 = self.0.wrapping_mul(POWERS[left]);
        self
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

/// The prime to the power of 0 to 16.
const POWERS: [u128; 17] = {
    let mut powers = [1; 17];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = Hasher::PRIME.wrapping_mul(powers[at - 1]);
        at += 1;
    }
    powers
};

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
    fn a_number_is_its_sixteen_bytes() {
        for value in [0, 1, 255, 256, 0x1_0000_0001, u128::from(u64::MAX), u128::MAX, 1 << 127] {
            assert_eq!(
                Hasher::new().number(value).finish(),
                Hasher::new().bytes(&value.to_le_bytes()).finish()
            );
        }
    }

    #[test]
    fn halves_round_trip() {
        let fingerprint = Hasher::new().text("scan").finish();
        assert_eq!(Fingerprint::from_halves(fingerprint.halves()), fingerprint);
    }
}
