//! `Buf` and `Text`: owned bytes and text, read where they are.
//!
//! In: what a `Vec<u8>` or a `String` crosses as, whoever allocated it. Out: bytes and text, without a copy, and the
//! vector again: in place when the memory is this side's own. It does not know whose memory it is: `free` does.

use alloc::string::String;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};

use super::{Invalid, Mirrors, PluginType, RawVec, memory, text};
use crate::describe::TypeRef;

/// Owned bytes: another view of what a `Vec<u8>` is on the wire.
///
/// A `Vec<u8>` that arrives is copied into this side's memory; a `Buf` stays where it is until it is dropped, and then goes
/// back to whom it belongs. In a contract the two are one type: either side may write the other.
///
/// It dereferences to `[u8]`. To and from `Vec<u8>` it turns for nothing, unless the memory is another side's: then into a
/// `Vec<u8>` it is one copy.
pub struct Buf {
    raw: RawVec<u8>,
}

/// Owned text: another view of what a `String` is on the wire. See [`Buf`].
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text {
    // UTF-8, always.
    bytes: Buf,
}

// SAFETY: it owns its bytes as a vector does, and `free` may be called on any thread.
unsafe impl Send for Buf {}
// SAFETY: through a shared one the bytes are only read.
unsafe impl Sync for Buf {}

impl Buf {
    /// No bytes, and no memory.
    #[must_use]
    pub fn new() -> Self {
        Self::from(Vec::new())
    }

    fn into_raw(self) -> RawVec<u8> {
        ManuallyDrop::new(self).raw
    }
}

impl Drop for Buf {
    fn drop(&mut self) {
        // SAFETY: the bytes are ours, have nothing to drop, and are not used again.
        unsafe { self.raw.give_back() };
    }
}

impl Deref for Buf {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        if self.raw.len == 0 {
            return &[];
        }
        // SAFETY: pointer and length were checked when they arrived, or are those of a vector.
        unsafe { core::slice::from_raw_parts(self.raw.ptr, self.raw.len) }
    }
}

impl DerefMut for Buf {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        if self.raw.len == 0 {
            return &mut [];
        }
        // SAFETY: as above, and nobody else has the bytes.
        unsafe { core::slice::from_raw_parts_mut(self.raw.ptr, self.raw.len) }
    }
}

impl From<Vec<u8>> for Buf {
    #[inline]
    fn from(bytes: Vec<u8>) -> Self {
        Self { raw: RawVec::apart(bytes) }
    }
}

impl From<&[u8]> for Buf {
    #[inline]
    fn from(bytes: &[u8]) -> Self {
        bytes.to_vec().into()
    }
}

impl From<Buf> for Vec<u8> {
    fn from(bytes: Buf) -> Self {
        // SAFETY: it was checked when it arrived, or is a vector's, and is not used again.
        unsafe { bytes.into_raw().together() }
    }
}

impl From<Text> for Buf {
    fn from(text: Text) -> Self {
        text.bytes
    }
}

impl From<String> for Text {
    #[inline]
    fn from(text: String) -> Self {
        Self { bytes: text.into_bytes().into() }
    }
}

impl From<&str> for Text {
    #[inline]
    fn from(text: &str) -> Self {
        Self { bytes: text.as_bytes().into() }
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        // SAFETY: a `Text` is UTF-8.
        unsafe { Self::from_utf8_unchecked(text.bytes.into()) }
    }
}

impl Text {
    /// No text, and no memory.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Deref for Text {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        // SAFETY: a `Text` is UTF-8.
        unsafe { core::str::from_utf8_unchecked(&self.bytes) }
    }
}

impl Clone for Buf {
    fn clone(&self) -> Self {
        Self::from(&**self)
    }
}

impl Default for Buf {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for Buf {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Buf {}

impl PartialOrd for Buf {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Buf {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl Hash for Buf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Debug for Buf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// What a view has in common with what it shows.
macro_rules! view {
    ($view:ident of $shown:ty, $owned:ty) => {
        impl AsRef<$shown> for $view {
            fn as_ref(&self) -> &$shown {
                self
            }
        }

        impl Borrow<$shown> for $view {
            fn borrow(&self) -> &$shown {
                self
            }
        }

        view!(compared $view $shown);
        view!(compared $view &$shown);
        view!(compared $view $owned);
    };
    (compared $view:ident $($other:tt)*) => {
        impl PartialEq<$($other)*> for $view {
            fn eq(&self, other: &$($other)*) -> bool {
                **self == *AsRef::<<Self as Deref>::Target>::as_ref(other)
            }
        }

        impl PartialEq<$view> for $($other)* {
            fn eq(&self, other: &$view) -> bool {
                other == self
            }
        }
    };
}

view!(Buf of [u8], Vec<u8>);
view!(Text of str, String);

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

// SAFETY: it is what a `Vec<u8>` is on the wire, so that in a contract the two are one type.
unsafe impl PluginType for Buf {
    type Abi = RawVec<u8>;
    const ID: u128 = <Vec<u8>>::ID;
    const DESC: TypeRef = <Vec<u8>>::DESC;

    #[inline]
    fn into_abi(self) -> RawVec<u8> {
        memory::leave(self.into_raw())
    }

    #[inline]
    fn lend(&self, mirrors: &mut Mirrors) -> RawVec<u8> {
        mirrors.bytes(self)
    }

    #[inline]
    unsafe fn from_abi(abi: RawVec<u8>) -> Result<Self, Invalid> {
        abi.check()?;
        Ok(Self { raw: memory::arrive(abi) })
    }
}

// SAFETY: it is what a `String` is on the wire, and `from_abi` accepts UTF-8 only.
unsafe impl PluginType for Text {
    type Abi = RawVec<u8>;
    const ID: u128 = String::ID;
    const DESC: TypeRef = String::DESC;

    #[inline]
    fn into_abi(self) -> RawVec<u8> {
        self.bytes.into_abi()
    }

    #[inline]
    fn lend(&self, mirrors: &mut Mirrors) -> RawVec<u8> {
        self.bytes.lend(mirrors)
    }

    #[inline]
    unsafe fn from_abi(abi: RawVec<u8>) -> Result<Self, Invalid> {
        // SAFETY: as the caller promises of `abi`.
        let bytes = unsafe { Buf::from_abi(abi) }?;
        // What is no text goes back: `bytes` owns it.
        text::check(&bytes)?;
        Ok(Self { bytes })
    }
}
