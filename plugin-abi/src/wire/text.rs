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
        // Most is short and ASCII: that is seen here, and everything else in one place.
        if !abi.ptr.is_null() && abi.len <= SHORT {
            // SAFETY: the caller promises that what is borrowed lives as long as the value is used.
            let bytes = unsafe { core::slice::from_raw_parts(abi.ptr, abi.len) };
            if is_short_ascii(bytes) {
                // SAFETY: just checked.
                return Ok(unsafe { core::str::from_utf8_unchecked(bytes) });
            }
        }
        // SAFETY: the caller's promise is the same.
        unsafe { borrowed(abi) }.ok_or_else(|| why(abi))
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

/// The text that is borrowed, if it is one.
///
/// # Safety
/// As for [`PluginType::from_abi`].
#[inline(never)]
pub(crate) unsafe fn borrowed<'a>(abi: RawSlice<u8>) -> Option<&'a str> {
    // SAFETY: the caller's promise is the same.
    let bytes = unsafe { abi.borrow() }.ok()?;
    // SAFETY: just checked.
    is_utf8(bytes).then(|| unsafe { core::str::from_utf8_unchecked(bytes) })
}

/// Why it is none.
#[inline]
pub(crate) const fn why(abi: RawSlice<u8>) -> Invalid {
    if abi.ptr.is_null() {
        Invalid::NullPointer
    } else if abi.len > isize::MAX as usize {
        Invalid::TooLong
    } else {
        Invalid::NotUtf8
    }
}

/// Whether the bytes are text.
#[inline]
pub(super) fn check(bytes: &[u8]) -> Result<(), Invalid> {
    if is_short_ascii(bytes) || is_utf8(bytes) { Ok(()) } else { Err(Invalid::NotUtf8) }
}

fn is_utf8(bytes: &[u8]) -> bool {
    // A quarter of what `from_utf8` takes.
    is_ascii(bytes) || core::str::from_utf8(bytes).is_ok()
}

/// As `[u8]::is_ascii`, which is three times as much code, of more than 16 bytes.
fn is_ascii(bytes: &[u8]) -> bool {
    const HIGH: u128 = 0x8080_8080_8080_8080_8080_8080_8080_8080;
    let plain = |block: &[u8; 16]| u128::from_ne_bytes(*block) & HIGH == 0;
    // The last block may overlap the one before it.
    bytes.last_chunk().is_some_and(plain) && bytes.as_chunks().0.iter().all(plain)
}

/// How long a short text is at most.
const SHORT: usize = 16;

/// At most 16 bytes, none of them above 127: the first and the last word of them, which may overlap.
#[inline]
fn is_short_ascii(bytes: &[u8]) -> bool {
    if bytes.len() > SHORT {
        return false;
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        (u64::from_ne_bytes(*first) | u64::from_ne_bytes(*last)) & 0x8080_8080_8080_8080 == 0
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        (u32::from_ne_bytes(*first) | u32::from_ne_bytes(*last)) & 0x8080_8080 == 0
    } else {
        bytes.iter().fold(0, |all, byte| all | byte) & 0x80 == 0
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn text_is_known_whatever_its_length_and_wherever_it_is_not() {
        for len in 0..40 {
            let mut bytes: Vec<u8> = (0..len).map(|at| b'!' + at).collect();
            assert_eq!(check(&bytes), Ok(()), "{len}");
            assert_eq!(is_short_ascii(&bytes), len <= 16, "{len}");
            for at in 0..bytes.len() {
                let byte = core::mem::replace(&mut bytes[at], 0xff);
                assert_eq!(check(&bytes), Err(Invalid::NotUtf8), "{at} of {len}");
                bytes[at] = byte;
            }
        }
        for text in ["\u{7f}", "\u{80}", "äöü", "€", "0123456789abcde€", "\u{1f980}"] {
            assert_eq!(check(text.as_bytes()), Ok(()), "{text}");
            assert_eq!(
                check(&text.as_bytes()[1..]).is_ok(),
                core::str::from_utf8(&text.as_bytes()[1..]).is_ok()
            );
        }
    }
}
