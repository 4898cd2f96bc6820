//! What a value looks like while it crosses: one trait, one impl per type, every form `repr(C)` and frozen.
//!
//! In: Rust values. Out: their wire forms, and back, checked. It does not know calls, methods or libraries.
//! Adding a type is adding an impl here and its header to the goldens.

mod boxed;
mod bytes;
mod change;
mod foreign;
#[cfg(feature = "std")]
mod function;
#[cfg(feature = "std")]
mod future;
mod invalid;
#[cfg(feature = "std")]
mod iterator;
mod map;
pub(crate) mod memory;
mod mirror;
mod net;
#[cfg(feature = "std")]
mod object;
mod owned;
#[cfg(feature = "std")]
mod path;
mod plain;
mod product;
mod scalar;
mod sequence;
mod shared;
mod sink;
#[cfg(feature = "futures")]
mod stream;
mod sum;
pub(crate) mod text;
mod time;
#[cfg(feature = "std")]
mod unbound;
#[cfg(feature = "std")]
pub(crate) mod waker;

use alloc::vec::Vec;

pub use boxed::{OpenAbi, Payload, RawBox, SizedAbi, Taken};
pub use bytes::{Buf, Text};
pub use change::{Change, ChangeAbi, Changed, lent_mut};
#[cfg(feature = "http")]
pub use foreign::{RequestAbi, ResponseAbi};
#[cfg(feature = "std")]
pub use function::{Function, RawFunction};
#[cfg(feature = "std")]
pub use future::{RawFuture, Remote};
pub use invalid::Invalid;
#[cfg(feature = "std")]
pub use iterator::RawIterator;
#[cfg(feature = "json")]
pub(crate) use mirror::keep;
pub use mirror::{Elements, Mirror, Mirrors, Reference, cannot_be_lent, lent, lent_option, lent_slice};
pub use net::{IpAbi, Ipv4Abi, Ipv6Abi, SocketAbi};
#[cfg(feature = "std")]
pub use object::{Object, ObjectTable, RawObject};
#[cfg(feature = "std")]
pub(crate) use object::{receive, release};
pub use owned::BoxAbi;
pub use plain::{plain_bytes, plain_from_bytes};
pub use product::{
    ArrayAbi, Tuple2Abi, Tuple3Abi, Tuple4Abi, Tuple5Abi, Tuple6Abi, Tuple7Abi, Tuple8Abi, Tuple9Abi,
    Tuple10Abi, Tuple11Abi, Tuple12Abi,
};
pub use scalar::Plain;
pub use sequence::{RawSlice, RawVec};
pub use shared::RawSliceMut;
pub use sink::{Room, Sink, SinkAbi};
pub use sum::{EitherAbi, OptionAbi, ResultAbi};
pub use time::{DurationAbi, SystemTimeAbi};
#[cfg(feature = "std")]
pub use unbound::{NoContract, Nothing, Objects, is_contract};
#[cfg(feature = "std")]
pub use waker::WakerAbi;

use crate::describe::{Kind, Member, TypeDesc, TypeRef};

/// A type that may stand in a contract's signatures.
///
/// Derive it with `#[derive(PluginType)]`; the types of std that cross are implemented here.
///
/// # Safety
/// `Abi` is `repr(C)` (or a scalar), has no bytes of unspecified meaning that `from_abi` reads, and `DESC` describes
/// it truthfully. `ID` differs for different types. `from_abi` accepts whatever `into_abi` returned, on the other
/// side of a boundary, from a build by another compiler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot cross a plugin boundary",
    label = "not a `PluginType`",
    note = "derive it: `#[derive(plugin_contracts::PluginType)]`, on every struct and enum it is made of",
    note = "of std there are: integers, floats, bool, char, (), String, Vec, Box, Option, Result, tuples, arrays, maps, sets, Duration, SystemTime, PathBuf, IP addresses; as arguments also &str and slices of numbers"
)]
pub unsafe trait PluginType: Sized {
    /// The wire form.
    type Abi: Copy;

    /// Tells this type from every other within one compilation; never written anywhere.
    const ID: u128;

    /// What the type is.
    const DESC: TypeRef;

    /// Turns the value into its wire form. Whatever it owns moves along: `from_abi` must be called once on the result.
    fn into_abi(self) -> Self::Abi;

    /// Turns the wire form back into a value and checks what can be checked. Everything the wire form owns is
    /// consumed, also when the answer is an error.
    ///
    /// # Errors
    /// [`Invalid`] says what was wrong with the bytes.
    ///
    /// # Safety
    /// `abi` came from `into_abi`, or from code in another language that follows the wire form, and is not used again;
    /// what it borrows is alive for as long as the value is used.
    unsafe fn from_abi(abi: Self::Abi) -> Result<Self, Invalid>;

    /// The wire form of a value that stays where it is. What it points to lies in the value or is kept in `mirrors`; nothing
    /// of it is freed by whoever takes it with [`from_abi`](Self::from_abi), once, while both are alive. A type without
    /// this crosses by value only.
    ///
    /// # Panics
    /// The type has no such form, as objects and closures have none. The macros refuse to lend those.
    #[doc(hidden)]
    fn lend(&self, mirrors: &mut Mirrors) -> Self::Abi {
        let _ = mirrors;
        panic!("`{}` cannot be lent across a plugin boundary", core::any::type_name::<Self>());
    }

    /// The same of values in a row, as those of a vector; plain data is lent where it lies.
    #[doc(hidden)]
    fn vec_lend(items: &[Self], mirrors: &mut Mirrors) -> RawVec<Self::Abi> {
        let forms = items.iter().map(|item| item.lend(mirrors)).collect();
        RawVec::kept(forms, mirrors)
    }

    /// Values in a row that were lent.
    ///
    /// # Safety
    /// As for [`from_abi`](Self::from_abi), of each of them; `'a` is not longer than what is lent lives.
    #[doc(hidden)]
    unsafe fn slice_from_abi<'a>(raw: RawSlice<Self::Abi>) -> Result<Elements<'a, Self>, Invalid> {
        // SAFETY: as the caller promises.
        let forms = unsafe { raw.borrow() }?;
        let mut items = Vec::with_capacity(forms.len());
        for form in forms {
            // SAFETY: each is a wire form of its own, read once. Of those behind a bad one nothing is the receiver's.
            items.push(unsafe { Self::from_abi(*form) }?);
        }
        Ok(Elements::Made(items))
    }

    /// Turns a vector of such values into its wire form; plain data does it without touching the elements.
    #[doc(hidden)]
    fn vec_into_abi(items: Vec<Self>) -> RawVec<Self::Abi> {
        RawVec::from_vec(items.into_iter().map(Self::into_abi).collect())
    }

    /// The inverse of [`vec_into_abi`](Self::vec_into_abi).
    ///
    /// # Safety
    /// As for [`from_abi`](Self::from_abi).
    #[doc(hidden)]
    unsafe fn vec_from_abi(raw: RawVec<Self::Abi>) -> Result<Vec<Self>, Invalid> {
        let mut wrong = None;
        // SAFETY: the caller promises that `raw` is a vector's wire form, used here only.
        let forms = unsafe { raw.take() }?;
        let mut items = Vec::with_capacity(forms.len());
        for form in forms {
            // SAFETY: each element is a wire form of its own, read once. After a bad one the others are still
            // consumed, so that nothing leaks.
            match unsafe { Self::from_abi(form) } {
                Ok(item) => items.push(item),
                Err(invalid) => wrong = wrong.or(Some(invalid)),
            }
        }
        wrong.map_or(Ok(items), Err)
    }
}

/// What the functions of [`PluginType`] for lent values are where a value is its own wire form.
macro_rules! lent_as_it_is {
    () => {
        #[inline]
        fn lend(&self, _: &mut $crate::wire::Mirrors) -> Self::Abi {
            self.into_abi()
        }
    };
}
pub(crate) use lent_as_it_is;

/// The descriptor of a type of std that is made of others.
const fn built_in<Abi>(id: u128, kind: Kind, name: &'static str, members: &'static [Member]) -> TypeDesc {
    let (size, align) = (size_of::<Abi>(), align_of::<Abi>());
    TypeDesc { id, kind, name, size, align, members, variants: &[], compared: "", contract: None }
}

/// A member that has a type and no name.
const fn unnamed(ty: TypeRef) -> Member {
    Member { name: "", ty, offset: 0, optional: false }
}
