//! Tuples and arrays: values side by side, as C lays them out in a struct and in an array.
//!
//! In: tuples of two to twelve, arrays of one and more. Out: their members' wire forms in a `repr(C)` struct. It does not
//! know derived structs, whose fields have names; the derive prints theirs.

use core::mem::offset_of;

use super::{Invalid, Mirrors, Plain, PluginType, built_in, unnamed};
use crate::Hasher;
use crate::describe::{Kind, Member, TypeRef};

macro_rules! tuples {
    ($($wire:ident $count:literal: $($part:ident $at:tt)*;)*) => {$(
        #[doc = concat!("A tuple of ", $count, " on the wire.")]
        #[derive(Clone, Copy, Debug)]
        #[repr(C)]
        pub struct $wire<$($part),*>($(#[doc = "A member."] pub $part),*);

        // Eleven of them would be all that rustc lists of what does cross.
        #[diagnostic::do_not_recommend]
        // SAFETY: each member crosses as its own type does.
        unsafe impl<$($part: PluginType),*> PluginType for ($($part,)*) {
            type Abi = $wire<$($part::Abi),*>;
            const ID: u128 = Hasher::new().text("()").number($count)$(.number($part::ID))*.finish().0;
            const DESC: TypeRef = TypeRef::new(const {
                &built_in::<Self::Abi>(Self::ID, Kind::Tuple, "tuple", const {
                    &[$(Member { offset: offset_of!(Self::Abi, $at), ..unnamed($part::DESC) }),*]
                })
            });

            #[inline]
            fn into_abi(self) -> Self::Abi {
                $wire($(self.$at.into_abi()),*)
            }

            #[inline]
            fn lend(&self, mirrors: &mut Mirrors) -> Self::Abi {
                $wire($(self.$at.lend(mirrors)),*)
            }

            #[inline]
            unsafe fn from_abi(abi: Self::Abi) -> Result<Self, Invalid> {
                // All before the first answer is looked at, so that nothing leaks.
                // SAFETY: each member is a wire form of its own, says the caller, and is read once.
                let parts = ($(unsafe { $part::from_abi(abi.$at) },)*);
                Ok(($(parts.$at?,)*))
            }
        }
    )*};
}

tuples! {
    Tuple2Abi 2: A 0 B 1;
    Tuple3Abi 3: A 0 B 1 C 2;
    Tuple4Abi 4: A 0 B 1 C 2 D 3;
    Tuple5Abi 5: A 0 B 1 C 2 D 3 E 4;
    Tuple6Abi 6: A 0 B 1 C 2 D 3 E 4 F 5;
    Tuple7Abi 7: A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    Tuple8Abi 8: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
    Tuple9Abi 9: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8;
    Tuple10Abi 10: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9;
    Tuple11Abi 11: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10;
    Tuple12Abi 12: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11;
}

/// `[T; N]` on the wire: an array in a struct, because C passes no array by value.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ArrayAbi<T, const N: usize> {
    /// The elements.
    pub items: [T; N],
}

// SAFETY: each element crosses as its own type does.
unsafe impl<T: PluginType, const N: usize> PluginType for [T; N] {
    type Abi = ArrayAbi<T::Abi, N>;
    const ID: u128 = Hasher::new().text("[;]").number(N as u128).number(T::ID).finish().0;
    const DESC: TypeRef = TypeRef::new(
        const { &built_in::<Self::Abi>(Self::ID, Kind::Array, Length::<N>::TEXT, const { &[unnamed(T::DESC)] }) },
    );

    #[inline]
    fn into_abi(self) -> Self::Abi {
        ArrayAbi { items: self.map(T::into_abi) }
    }

    #[inline]
    fn lend(&self, mirrors: &mut Mirrors) -> Self::Abi {
        ArrayAbi { items: self.each_ref().map(|item| item.lend(mirrors)) }
    }

    #[inline]
    unsafe fn from_abi(abi: Self::Abi) -> Result<Self, Invalid> {
        let mut wrong = None;
        let items = abi.items.map(|form| {
            // SAFETY: each element is a wire form of its own, read once. After a bad one the others are still consumed,
            // so that nothing leaks.
            let item = unsafe { T::from_abi(form) };
            item.map_err(|invalid| wrong = wrong.or(Some(invalid))).ok()
        });
        match wrong {
            Some(invalid) => Err(invalid),
            None => Ok(items.map(|item| item.expect("nothing was wrong"))),
        }
    }
}

// SAFETY: an array has the bytes of its elements one behind the other, and so has its wire form.
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {}

/// An array's length as text: the name of its descriptor.
struct Length<const N: usize>;

impl<const N: usize> Length<N> {
    /// The digits, and where they begin.
    const DIGITS: ([u8; 20], usize) = {
        assert!(N > 0, "an array that crosses has at least one element: C has no empty values");
        let (mut digits, mut at, mut rest) = ([b'0'; 20], 20, N);
        while rest > 0 {
            at -= 1;
            digits[at] += (rest % 10) as u8;
            rest /= 10;
        }
        (digits, at)
    };
    const BYTES: &'static [u8] = &Self::DIGITS.0;
    const TEXT: &'static str = match core::str::from_utf8(Self::BYTES.split_at(Self::DIGITS.1).1) {
        Ok(text) => text,
        Err(_) => unreachable!(),
    };
}
