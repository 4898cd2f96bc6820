//! Whose memory a vector is.
//!
//! In: the function that comes with memory, as it leaves and arrives. Out: whether it is this side's own, so that a vector
//! may be made of it in place. It does not know what lies in the memory, only how large and how aligned one element is.

use alloc::vec::Vec;
use core::ffi::c_void;
use core::ptr;

use super::RawVec;
use crate::lent::crossing;

/// Gives memory back: called once with the pointer and the capacity in elements.
pub(crate) type Free = unsafe extern "C" fn(*mut c_void, usize);

/// How many layouts of elements have a function of their own.
pub(crate) const CLASSES: usize = 5;

macro_rules! classes {
    ($($at:literal: $unit:ident $bytes:literal $free:ident;)*) => {
        $(
            #[repr(align($bytes))]
            struct $unit {
                _bytes: [u8; $bytes],
            }

            unsafe extern "C" fn $free(ptr: *mut c_void, cap: usize) {
                // SAFETY: a vector of this side whose elements have this size and alignment was taken apart.
                drop(unsafe { Vec::<$unit>::from_raw_parts(ptr.cast(), 0, cap) });
            }
        )*

        /// This side's functions, one a layout. No generic ones: each has one address in a library, by which it is known.
        pub(crate) const OWN: [Free; CLASSES] = [$($free),*];

        /// Which of them frees elements of this type. Those that are as large as they are aligned: numbers, and what looks
        /// like one to an allocator.
        pub(crate) const fn class<T>() -> Option<usize> {
            match (size_of::<T>(), align_of::<T>()) {
                $(($bytes, $bytes) => Some($at),)*
                _ => None,
            }
        }
    };
}

classes! {
    0: Unit1 1 free_1;
    1: Unit2 2 free_2;
    2: Unit4 4 free_4;
    3: Unit8 8 free_8;
    4: Unit16 16 free_16;
}

/// The function that frees a vector of such elements here.
pub(crate) const fn own<T>() -> Free {
    match class::<T>() {
        Some(class) => OWN[class],
        None => free::<T>,
    }
}

/// Drops the memory of a vector whose elements have moved out.
unsafe extern "C" fn free<T>(ptr: *mut c_void, cap: usize) {
    // SAFETY: a vector of this very side was taken apart, and the elements have moved out.
    drop(unsafe { Vec::<T>::from_raw_parts(ptr.cast(), 0, cap) });
}

/// Whether memory that comes with this function is of this side's allocator, laid out as a vector of such elements is.
#[inline]
pub(crate) fn is_own<T>(free: Option<Free>) -> bool {
    match (class::<T>(), free) {
        (Some(class), Some(free)) => ptr::fn_addr_eq(free, OWN[class]),
        _ => false,
    }
}

// What follows is on the way of every vector, and small where nothing is lent. A form is taken apart: one that is passed on in
// memory is read in other pieces than it was written in, and waits for the store.

/// A vector of this side's crosses. Where the memory is the host's, the host gets it as its own; what is older than the host's
/// lending is copied first.
#[inline]
pub(crate) fn leave<T>(raw: RawVec<T>) -> RawVec<T> {
    let RawVec { mut ptr, len, cap, mut free } = raw;
    if let (Some(crossing), Some(class)) = (crossing(), class::<T>())
        && is_own::<T>(free)
    {
        let (left, frees) = (crossing.left)(ptr.cast(), len, cap, class);
        (ptr, free) = (left.cast(), Some(frees));
    }
    RawVec { ptr, len, cap, free }
}

/// A vector crossed to this side. Where its memory is the host's, and this side's too, it is this side's own from now on.
#[inline]
pub(crate) fn arrive<T>(raw: RawVec<T>) -> RawVec<T> {
    let RawVec { ptr, len, cap, mut free } = raw;
    if let (Some(crossing), Some(class), Some(frees)) = (crossing(), class::<T>(), free) {
        free = Some((crossing.arrived)(frees, cap, class));
    }
    RawVec { ptr, len, cap, free }
}
