//! What a constructor is told: its configuration.
//!
//! In: pairs of texts from the host. Out: [`PluginContext`], which shows them where they lie. It does not know what the keys mean.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::mem::ManuallyDrop;

use crate::wire::{Invalid, Plain, RawSlice, plain_from_bytes, text};

/// What the host hands to a plugin's constructor.
#[derive(Default)]
pub struct PluginContext {
    /// What is lent for the length of a constructor's call, which gets the context behind a reference: a clone has texts of its own.
    /// All of it is text.
    lent: &'static [PairAbi],
    own: Vec<(String, String)>,
}

// SAFETY: what is lent is a host's, which does not change it meanwhile; and of a context that is moved, nothing is.
unsafe impl Send for PluginContext {}
// SAFETY: as above.
unsafe impl Sync for PluginContext {}

impl Clone for PluginContext {
    #[inline]
    fn clone(&self) -> Self {
        self.given().fold(Self::new(), |all, (key, value)| all.with(key, value))
    }
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
        self.own.push((key.into(), value.into()));
        self
    }

    /// The value that the host configured under this key.
    #[must_use]
    pub fn config(&self, key: &str) -> Option<&str> {
        self.given().filter(|(known, _)| *known == key).last().map(|(_, value)| value)
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
        let first =
            |(at, (key, _)): (usize, (&str, &str))| !self.given().take(at).any(|(known, _)| known == key);
        let firsts = self.given().enumerate().filter(move |pair| first(*pair));
        firsts.map(|(_, (key, value))| (key, self.config(key).unwrap_or(value)))
    }

    /// Every pair, and those too that a later one with the same key takes the place of.
    fn given(&self) -> impl Iterator<Item = (&str, &str)> {
        // SAFETY: `from_abi` saw that it is text, which its caller keeps as long as the context.
        let text = |text: RawSlice<u8>| unsafe { text::borrowed(text) }.unwrap_or_default();
        self.lent
            .iter()
            .map(move |pair| (text(pair.key), text(pair.value)))
            .chain(self.own.iter().map(|(key, value)| (&**key, &**value)))
    }

    /// What came over the boundary, where it lies.
    ///
    /// # Safety
    /// The pairs are there for as long as the context, which nobody else gets to own.
    #[inline]
    pub(crate) unsafe fn from_abi(abi: &ContextAbi) -> Result<ManuallyDrop<Self>, Invalid> {
        // SAFETY: the caller's promise is the same.
        let lent: &'static [PairAbi] = unsafe { abi.config.borrow() }?;
        for pair in lent {
            for text in [pair.key, pair.value] {
                // SAFETY: as above.
                unsafe { text::borrowed(text) }.ok_or_else(|| text::why(text))?;
            }
        }
        // Nothing of it is its own.
        Ok(ManuallyDrop::new(Self { lent, own: Vec::new() }))
    }
}

impl fmt::Debug for PluginContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.pairs()).finish()
    }
}

/// Constants as a pair of the configuration, which is what crosses to a constructor: their bytes in hexadecimal digits.
#[must_use]
#[inline]
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

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn a_key_given_twice_keeps_its_place_and_its_last_value() {
        let context = PluginContext::new().with("a", "1").with("", "none").with("b", "").with("a", "2");
        assert_eq!(context.pairs().collect::<Vec<_>>(), [("a", "2"), ("", "none"), ("b", "")]);
        assert_eq!(context.config("a"), Some("2"));
        assert_eq!((context.config(""), context.config("b")), (Some("none"), Some("")));
        assert_eq!((context.config("1"), PluginContext::new().config("")), (None, None));
        assert_eq!(format!("{context:?}"), r#"{"a": "2", "": "none", "b": ""}"#);
    }

    #[test]
    fn what_crosses_is_checked_and_a_clone_has_a_copy() {
        let text = |text: &'static [u8]| RawSlice::new(text);
        let mut value = *b"w\xc3\xa4rt";
        let pair = |value| PairAbi { key: text(b"key"), value };
        let pairs = [pair(text(b"old")), pair(RawSlice { ptr: value.as_ptr(), len: value.len() })];
        let abi = ContextAbi { size: size_of::<ContextAbi>(), config: RawSlice::new(&pairs) };
        // SAFETY: everything is there for the call.
        let context = unsafe { PluginContext::from_abi(&abi) }.unwrap();
        assert_eq!(context.pairs().collect::<Vec<_>>(), [("key", "w\u{e4}rt")]);
        let clone = PluginContext::clone(&context).with("other", "");
        value.fill(b'-');
        assert_eq!(clone.pairs().collect::<Vec<_>>(), [("key", "w\u{e4}rt"), ("other", "")]);
        for bad in [(text(b"\xff"), text(b"")), (text(b""), text(b"a\xc3"))] {
            let pairs = [PairAbi { key: bad.0, value: bad.1 }];
            let abi = ContextAbi { size: size_of::<ContextAbi>(), config: RawSlice::new(&pairs) };
            // SAFETY: as above.
            let refused = unsafe { PluginContext::from_abi(&abi) };
            assert_eq!(refused.map(drop), Err(Invalid::NotUtf8));
        }
    }
}
