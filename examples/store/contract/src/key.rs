//! The one rule about keys, shared by all backends so that they refuse the same ones.
//!
//! A key goes in, nothing or the refusal comes out. What keys mean to a host is not known here.

use crate::StoreError;

/// The longest key, in bytes of UTF-8: as long as the longest path that Linux passes around (`PATH_MAX`).
pub const MAX_KEY_BYTES: usize = 4096;

/// Refuses what cannot be a key; implementations call it first in every method that takes one.
///
/// # Errors
///
/// [`StoreError::InvalidKey`] when `key` is empty or longer than [`MAX_KEY_BYTES`].
pub fn check_key(key: &str) -> Result<(), StoreError> {
    let reason = match key.len() {
        0 => "a key has at least one character".to_owned(),
        1..=MAX_KEY_BYTES => return Ok(()),
        long => format!("it has {long} bytes, the limit is {MAX_KEY_BYTES}"),
    };
    Err(StoreError::InvalidKey { key: key.to_owned(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_counts_bytes_and_is_itself_allowed() {
        assert_eq!(check_key(&"k".repeat(MAX_KEY_BYTES)), Ok(()));
        assert!(check_key(&"k".repeat(MAX_KEY_BYTES + 1)).is_err());
        assert!(check_key(&"é".repeat(MAX_KEY_BYTES / 2 + 1)).is_err(), "characters were counted, not bytes");
    }
}
