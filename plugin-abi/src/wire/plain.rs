//! Plain data as bytes, and back.
//!
//! In: a value of plain data, or bytes of its size. Out: the other. It does not know who lent the bytes.

use core::mem::MaybeUninit;

use super::Plain;

/// The bytes of a value.
#[must_use]
pub fn plain_bytes<T: Plain>(value: &T) -> &[u8] {
    // SAFETY: whoever implements `Plain` vouches that there is no padding, and the reference for the length.
    unsafe { core::slice::from_raw_parts((&raw const *value).cast::<u8>(), size_of::<T>()) }
}

/// The value with these bytes; nothing when there are more or fewer than it has.
#[must_use]
pub fn plain_from_bytes<T: Plain>(bytes: &[u8]) -> Option<T> {
    if bytes.len() != size_of::<T>() {
        return None;
    }
    let mut value = MaybeUninit::<T>::uninit();
    // SAFETY: both have the size that was just compared, and the value is nobody else's.
    unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), value.as_mut_ptr().cast::<u8>(), bytes.len()) };
    // SAFETY: every byte was written, and whoever implements `Plain` vouches that any bytes are a value.
    Some(unsafe { value.assume_init() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_wherever_they_lie() {
        let value = 0x0102_0304_0506_0708_u64;
        let mut shifted = [0; 9];
        shifted[1..].copy_from_slice(plain_bytes(&value));
        assert_eq!(plain_from_bytes::<u64>(&shifted[1..]), Some(value));
        assert_eq!(plain_from_bytes::<u64>(&shifted), None);
        assert_eq!(plain_from_bytes::<[u16; 2]>(&[1, 0, 2, 0]), Some([1_u16.to_le(), 2_u16.to_le()]));
    }
}
