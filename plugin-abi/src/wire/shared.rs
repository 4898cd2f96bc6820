//! Plain data that the other side may change where it lies: `&mut [T]`.
//!
//! In: a slice. Out: a pointer and a number of elements, lent for the call. It does not know what the elements are, only that
//! whatever is written there is one.

use super::{Invalid, Plain, PluginType, RawSlice, built_in, unnamed};
use crate::Hasher;
use crate::describe::{Kind, TypeRef};

/// `&mut [T]` on the wire: a pointer and a number of elements. Nothing is owned.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct RawSliceMut<T> {
    /// The first element; may be null or dangling when `len` is 0.
    pub ptr: *mut T,
    /// How many elements.
    pub len: usize,
}

// SAFETY: pointer and length are checked before the slice is made, and whatever the bytes are, they are elements.
unsafe impl<'a, T: Plain> PluginType for &'a mut [T] {
    type Abi = RawSliceMut<T>;
    const ID: u128 = Hasher::new().text("&mut []").number(T::ID).finish().0;
    const DESC: TypeRef = TypeRef::new(
        const { &built_in::<RawSliceMut<T>>(Self::ID, Kind::SliceMut, "&mut []", const { &[unnamed(T::DESC)] }) },
    );

    #[inline]
    fn into_abi(self) -> RawSliceMut<T> {
        RawSliceMut { ptr: self.as_mut_ptr(), len: self.len() }
    }

    #[inline]
    unsafe fn from_abi(abi: RawSliceMut<T>) -> Result<&'a mut [T], Invalid> {
        let RawSliceMut { ptr, len } = abi;
        // SAFETY: the caller lends the elements; only pointer and length are looked at.
        unsafe { RawSlice { ptr: ptr.cast_const(), len }.borrow() }?;
        if len == 0 {
            return Ok(&mut []);
        }
        // SAFETY: pointer and length were checked just now; the caller lends the elements to nobody else.
        Ok(unsafe { core::slice::from_raw_parts_mut(ptr, len) })
    }
}
