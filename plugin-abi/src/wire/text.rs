//! Text: lent (`&str`) and moved (`String`).

use alloc::string::String;

use super::{Invalid, Mirrors, PluginType, RawSlice, RawVec, built_in, lent_as_it_is};
use crate::Hasher;
use crate::describe::{Kind, TypeRef};

// SAFETY: the wire form is the text's bytes, and `from_abi` accepts UTF-8 only.
unsafe impl PluginType for &str {
    type Abi = RawSlice<u8>;
    const ID: u128 = Hasher::new().text("&str").finish().0;
    const DESC: TypeRef = TypeRef::new(const { &built_in::<RawSlice<u8>>(Self::ID, Kind::Str, "str", &[]) });

    #[inline]
    fn into_abi(self) -> RawSlice<u8> {
        RawSlice::new(self.as_bytes())
    }

    lent_as_it_is!();

    #[inline]
    unsafe fn from_abi(abi: RawSlice<u8>) -> Result<Self, Invalid> {
        // SAFETY: the caller promises that what is borrowed lives as long as the value is used.
        let bytes = unsafe { abi.borrow() }?;
        check(bytes)?;
        // SAFETY: just checked.
        Ok(unsafe { core::str::from_utf8_unchecked(bytes) })
    }
}

// SAFETY: the wire form is the text's bytes, and `from_abi` accepts UTF-8 only.
unsafe impl PluginType for String {
    type Abi = RawVec<u8>;
    const ID: u128 = Hasher::new().text("String").finish().0;
    const DESC: TypeRef =
        TypeRef::new(const { &built_in::<RawVec<u8>>(Self::ID, Kind::String, "String", &[]) });

    #[inline]
    fn into_abi(self) -> RawVec<u8> {
        RawVec::from_vec(self.into_bytes())
    }

    #[inline]
    fn lend(&self, _: &mut Mirrors) -> RawVec<u8> {
        RawVec::lent(self.as_bytes())
    }

    #[inline]
    unsafe fn from_abi(abi: RawVec<u8>) -> Result<Self, Invalid> {
        // SAFETY: as the caller promises of `abi`.
        let bytes = unsafe { abi.take() }?;
        check(&bytes)?;
        // SAFETY: just checked.
        Ok(unsafe { Self::from_utf8_unchecked(bytes) })
    }
}

/// Whether the bytes are text. Most are short and ASCII, and seeing that here takes a quarter of a call of `from_utf8`.
#[inline]
pub(super) fn check(bytes: &[u8]) -> Result<(), Invalid> {
    if bytes.is_ascii() || core::str::from_utf8(bytes).is_ok() { Ok(()) } else { Err(Invalid::NotUtf8) }
}
