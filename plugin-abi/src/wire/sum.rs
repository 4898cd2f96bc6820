//! `Option` and `Result`: a `u32` tag and a union, as every derived enum is.

use core::mem::MaybeUninit;

use super::{Invalid, Mirrors, PluginType, built_in, unnamed};
use crate::Hasher;
use crate::describe::{Kind, TypeRef};

/// `Option<T>` on the wire.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct OptionAbi<T: Copy> {
    /// 0 is `None`, 1 is `Some`.
    pub tag: u32,
    /// Meaningful when the tag is 1.
    pub value: MaybeUninit<T>,
}

/// `Result<T, E>` on the wire.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ResultAbi<T: Copy, E: Copy> {
    /// 0 is `Ok`, 1 is `Err`.
    pub tag: u32,
    /// The field that the tag names.
    pub value: EitherAbi<T, E>,
}

/// What a [`ResultAbi`] holds.
#[derive(Clone, Copy)]
#[repr(C)]
pub union EitherAbi<T: Copy, E: Copy> {
    /// With tag 0.
    pub ok: T,
    /// With tag 1.
    pub err: E,
}

// SAFETY: the tag is checked before the value is read.
unsafe impl<T: PluginType> PluginType for Option<T> {
    type Abi = OptionAbi<T::Abi>;
    const ID: u128 = Hasher::new().text("Option").number(T::ID).finish().0;
    const DESC: TypeRef = TypeRef::new(
        const { &built_in::<OptionAbi<T::Abi>>(Self::ID, Kind::Option, "Option", const { &[unnamed(T::DESC)] }) },
    );

    #[inline]
    fn into_abi(self) -> OptionAbi<T::Abi> {
        match self {
            None => OptionAbi { tag: 0, value: MaybeUninit::uninit() },
            Some(value) => OptionAbi { tag: 1, value: MaybeUninit::new(value.into_abi()) },
        }
    }

    #[inline]
    fn lend(&self, mirrors: &mut Mirrors) -> OptionAbi<T::Abi> {
        match self {
            None => OptionAbi { tag: 0, value: MaybeUninit::uninit() },
            Some(value) => OptionAbi { tag: 1, value: MaybeUninit::new(value.lend(mirrors)) },
        }
    }

    #[inline]
    unsafe fn from_abi(abi: OptionAbi<T::Abi>) -> Result<Self, Invalid> {
        match abi.tag {
            0 => Ok(None),
            1 => {
                // SAFETY: tag 1 says that the value was written.
                let value = unsafe { abi.value.assume_init() };
                // SAFETY: as the caller promises of `abi`.
                unsafe { T::from_abi(value) }.map(Some)
            }
            tag => Err(Invalid::Tag { name: "Option", tag }),
        }
    }
}

// SAFETY: the tag is checked before a field of the union is read.
unsafe impl<T: PluginType, E: PluginType> PluginType for Result<T, E> {
    type Abi = ResultAbi<T::Abi, E::Abi>;
    const ID: u128 = Hasher::new().text("Result").number(T::ID).number(E::ID).finish().0;
    const DESC: TypeRef = TypeRef::new(
        const {
            &built_in::<ResultAbi<T::Abi, E::Abi>>(
                Self::ID,
                Kind::Result,
                "Result",
                const { &[unnamed(T::DESC), unnamed(E::DESC)] },
            )
        },
    );

    #[inline]
    fn into_abi(self) -> ResultAbi<T::Abi, E::Abi> {
        match self {
            Ok(value) => ResultAbi { tag: 0, value: EitherAbi { ok: value.into_abi() } },
            Err(error) => ResultAbi { tag: 1, value: EitherAbi { err: error.into_abi() } },
        }
    }

    #[inline]
    fn lend(&self, mirrors: &mut Mirrors) -> ResultAbi<T::Abi, E::Abi> {
        match self {
            Ok(value) => ResultAbi { tag: 0, value: EitherAbi { ok: value.lend(mirrors) } },
            Err(error) => ResultAbi { tag: 1, value: EitherAbi { err: error.lend(mirrors) } },
        }
    }

    #[inline]
    unsafe fn from_abi(abi: ResultAbi<T::Abi, E::Abi>) -> Result<Self, Invalid> {
        match abi.tag {
            0 => {
                // SAFETY: tag 0 says that `ok` was written.
                let ok = unsafe { abi.value.ok };
                // SAFETY: as the caller promises of `abi`.
                unsafe { T::from_abi(ok) }.map(Ok)
            }
            1 => {
                // SAFETY: tag 1 says that `err` was written.
                let err = unsafe { abi.value.err };
                // SAFETY: as the caller promises of `abi`.
                unsafe { E::from_abi(err) }.map(Err)
            }
            tag => Err(Invalid::Tag { name: "Result", tag }),
        }
    }
}
