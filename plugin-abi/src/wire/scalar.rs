//! Numbers, `bool`, `char` and `()`.

use alloc::vec::Vec;

use super::{Elements, Invalid, Mirrors, PluginType, RawSlice, RawVec, built_in, lent_as_it_is};
use crate::Hasher;
use crate::describe::{Kind, TypeRef};

/// Data whose bytes are shared in place: they are those of its wire form, and every bit pattern is a value.
///
/// # Safety
/// The type is a number, an array of plain data, or a `repr(C)` struct of it without padding; and its `Abi` has the same
/// bytes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no plain data, so its bytes cannot be lent across a plugin boundary",
    label = "not plain data",
    note = "numbers are lent in place, as in `&[u8]`, and structs of numbers with `#[plugin(plain)]`; pass anything else as `Vec<{Self}>`"
)]
pub unsafe trait Plain: PluginType + Copy + 'static {}

macro_rules! numbers {
    ($($number:ident)*) => {$(
        // SAFETY: a number is its own wire form; C has it with the same size and alignment.
        unsafe impl PluginType for $number {
            type Abi = Self;
            const ID: u128 = Hasher::new().text(stringify!($number)).finish().0;
            const DESC: TypeRef = TypeRef::new(const { &built_in::<Self>(Self::ID, Kind::Scalar, stringify!($number), &[]) });

            #[inline]
            fn into_abi(self) -> Self {
                self
            }

            #[inline]
            unsafe fn from_abi(abi: Self) -> Result<Self, Invalid> {
                Ok(abi)
            }

            lent_as_it_is!();

            #[inline]
            fn vec_lend(items: &[Self], _: &mut Mirrors) -> RawVec<Self> {
                RawVec::lent(items)
            }

            #[inline]
            unsafe fn slice_from_abi<'a>(raw: RawSlice<Self>) -> Result<Elements<'a, Self>, Invalid> {
                // SAFETY: the caller's promise is the same.
                unsafe { raw.borrow() }.map(Elements::Lent)
            }

            #[inline]
            fn vec_into_abi(items: Vec<Self>) -> RawVec<Self> {
                RawVec::from_vec(items)
            }

            // Inlined, because a form that is copied on the way to a function is read in other pieces than it was
            // written in, and waits for the store.
            #[inline]
            unsafe fn vec_from_abi(raw: RawVec<Self>) -> Result<Vec<Self>, Invalid> {
                // SAFETY: the caller promises that `raw` is a vector's wire form, used here only.
                unsafe { raw.take() }
            }
        }

        // SAFETY: numbers have neither padding nor invalid bit patterns.
        unsafe impl Plain for $number {}
    )*};
}

numbers! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 }

// SAFETY: the wire form is one byte, and `from_abi` accepts 0 and 1 only.
unsafe impl PluginType for bool {
    type Abi = u8;
    const ID: u128 = Hasher::new().text("bool").finish().0;
    const DESC: TypeRef = TypeRef::new(const { &built_in::<u8>(Self::ID, Kind::Scalar, "bool", &[]) });

    #[inline]
    fn into_abi(self) -> u8 {
        u8::from(self)
    }

    lent_as_it_is!();

    #[inline]
    unsafe fn from_abi(abi: u8) -> Result<Self, Invalid> {
        match abi {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(Invalid::Bool(other)),
        }
    }
}

// SAFETY: the wire form is a `u32`, and `from_abi` accepts Unicode scalar values only.
unsafe impl PluginType for char {
    type Abi = u32;
    const ID: u128 = Hasher::new().text("char").finish().0;
    const DESC: TypeRef = TypeRef::new(const { &built_in::<u32>(Self::ID, Kind::Scalar, "char", &[]) });

    #[inline]
    fn into_abi(self) -> u32 {
        u32::from(self)
    }

    lent_as_it_is!();

    #[inline]
    unsafe fn from_abi(abi: u32) -> Result<Self, Invalid> {
        Self::from_u32(abi).ok_or(Invalid::Char(abi))
    }
}

// SAFETY: the wire form is one byte that means nothing, because C has no empty values.
unsafe impl PluginType for () {
    type Abi = u8;
    const ID: u128 = Hasher::new().text("()").finish().0;
    const DESC: TypeRef = TypeRef::new(const { &built_in::<u8>(Self::ID, Kind::Scalar, "()", &[]) });

    #[inline]
    fn into_abi(self) -> u8 {
        0
    }

    lent_as_it_is!();

    #[inline]
    unsafe fn from_abi(_: u8) -> Result<Self, Invalid> {
        Ok(())
    }
}
