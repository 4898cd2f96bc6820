//! `Box<T>`: one value in memory of the sender's.
//!
//! In: a box. Out: a pointer to its value's wire form and the function that gives the memory back, as [`RawBox`] has them.
//! It does not know what is in the box; because a pointer has one size, a type may contain itself in one.
//!
//! [`RawBox`]: super::RawBox

use alloc::boxed::Box;

use super::mirror::keep;
use super::{Invalid, Mirrors, PluginType, built_in, unnamed};
use crate::Hasher;
use crate::describe::{Kind, TypeRef};

/// `Box<T>` on the wire.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct BoxAbi<T> {
    /// The value's wire form.
    pub value: *mut T,
    /// Gives the memory back: called once with `value` and 1 when the receiver has moved the value out, else with 0. Then
    /// the sender drops it.
    pub release: Option<unsafe extern "C" fn(*mut (), u32)>,
}

// SAFETY: pointer and function are checked before the value is read, and the sender's own function frees the memory.
unsafe impl<T: PluginType> PluginType for Box<T> {
    type Abi = BoxAbi<T::Abi>;
    const ID: u128 = Hasher::new().text("Box").number(T::ID).finish().0;
    const DESC: TypeRef = TypeRef::new(
        const { &built_in::<BoxAbi<T::Abi>>(Self::ID, Kind::Box, "Box", const { &[unnamed(T::DESC)] }) },
    );

    #[inline]
    fn into_abi(self) -> BoxAbi<T::Abi> {
        let value = Box::new((*self).into_abi());
        BoxAbi { value: Box::into_raw(value), release: Some(release::<T>) }
    }

    fn lend(&self, mirrors: &mut Mirrors) -> BoxAbi<T::Abi> {
        let value = T::lend(self, mirrors);
        BoxAbi { value: mirrors.keep(alloc::vec![value]), release: Some(keep) }
    }

    #[inline]
    unsafe fn from_abi(abi: BoxAbi<T::Abi>) -> Result<Self, Invalid> {
        if abi.value.is_null() {
            return Err(Invalid::NullPointer);
        }
        let Some(release) = abi.release else { return Err(Invalid::Content) };
        if !abi.value.is_aligned() {
            // SAFETY: `release` comes with the box, is called once, and nothing was moved out.
            unsafe { release(abi.value.cast(), 0) };
            return Err(Invalid::Misaligned);
        }
        // SAFETY: the pointer was checked; the caller promises that a wire form is there.
        let value = unsafe { abi.value.read() };
        // SAFETY: `release` comes with the box, is called once, and the value was moved out.
        unsafe { release(abi.value.cast(), 1) };
        // SAFETY: as the caller promises of what is in the box.
        unsafe { T::from_abi(value) }.map(Box::new)
    }
}

/// Frees the box, and drops its value unless the receiver has it.
unsafe extern "C" fn release<T: PluginType>(value: *mut (), taken: u32) {
    // SAFETY: `into_abi` of this very side made the pointer from a box, and the receiver gives it back once.
    let value = unsafe { Box::from_raw(value.cast::<T::Abi>()) };
    if taken == 0 {
        // SAFETY: the value was made here, and the receiver says that it has not moved it out.
        drop(unsafe { T::from_abi(*value) });
    }
}
