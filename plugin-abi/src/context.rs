//! What a constructor is told: its configuration.
//!
//! In: pairs of texts from the host. Out: [`PluginContext`], an owned copy. It does not know what the keys mean.

use alloc::string::String;
use alloc::vec::Vec;

use crate::wire::{Invalid, Plain, RawSlice, plain_from_bytes};

/// What the host hands to a plugin's constructor.
#[derive(Clone, Debug, Default)]
pub struct PluginContext {
    config: Vec<(String, String)>,
}

impl PluginContext {
    /// A context without configuration, for constructing a plugin that is linked in.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a pair; a key given twice keeps its last value.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.set(key.into(), value.into());
        self
    }

    fn set(&mut self, key: String, value: String) {
        match self.config.iter_mut().find(|(known, _)| *known == key) {
            Some(pair) => pair.1 = value,
            None => self.config.push((key, value)),
        }
    }

    /// The value that the host configured under this key.
    #[must_use]
    pub fn config(&self, key: &str) -> Option<&str> {
        // The host may have given a key twice.
        self.config.iter().rev().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// What the host set for the method under `#[config]` of this name; nothing when it set nothing, or a value of another size.
    #[must_use]
    pub fn constants<T: Plain>(&self, method: &str) -> Option<T> {
        let (key, _) = constants_pair(method, &[]);
        let text = self.config(&key)?.as_bytes();
        let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let byte = |pair: &[u8]| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?);
        let bytes: Option<Vec<u8>> = text.chunks(2).map(byte).collect();
        plain_from_bytes(&bytes?)
    }

    /// Every pair, in the order in which the host gave them.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.config.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Copies what came over the boundary.
    #[inline(never)]
    pub(crate) unsafe fn from_abi(abi: &ContextAbi) -> Result<Self, Invalid> {
        let mut context = Self::new();
        // SAFETY: the host lends its pairs for the length of the call.
        for pair in unsafe { abi.config.borrow() }? {
            // SAFETY: as above.
            let key = unsafe { copied(pair.key) }?;
            // SAFETY: as above.
            let value = unsafe { copied(pair.value) }?;
            context.config.push((key, value));
        }
        Ok(context)
    }
}

/// # Safety
/// The text is lent for the length of the call.
#[inline(never)]
unsafe fn copied(text: RawSlice<u8>) -> Result<String, Invalid> {
    // SAFETY: the caller's promise is the same.
    let bytes = unsafe { text.borrow() }?;
    match core::str::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(_) => Err(Invalid::NotUtf8),
    }
}

/// Constants as a pair of the configuration, which is what crosses to a constructor: their bytes in hexadecimal digits.
#[must_use]
pub fn constants_pair(method: &str, bytes: &[u8]) -> (String, String) {
    let digits =
        |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0'));
    (["constants.", method].concat(), bytes.iter().flat_map(digits).collect())
}

/// One pair of the configuration on the wire.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct PairAbi {
    /// UTF-8.
    pub key: RawSlice<u8>,
    /// UTF-8.
    pub value: RawSlice<u8>,
}

/// A [`PluginContext`] on the wire, lent for the length of the constructor's call. It may grow at its end.
#[repr(C)]
pub struct ContextAbi {
    /// The size of this struct in bytes, on the side that made it.
    pub size: usize,
    /// The pairs.
    pub config: RawSlice<PairAbi>,
}
