//! Types of the crates that people use in signatures, each behind a feature of its crate's name.
//!
//! In: values of those crates. Out: forms of ours, which no version of theirs changes; and back, through the checks of the
//! crate itself. They are described as structs, so that locks, headers and schemas know them as any other type.

#[cfg(feature = "bytes")]
mod bytes;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "jiff")]
mod jiff;
#[cfg(feature = "serde_json")]
mod json;
#[cfg(feature = "uuid")]
mod uuid;

#[cfg(feature = "http")]
pub use http::{RequestAbi, ResponseAbi};

#[cfg(any(feature = "http", feature = "jiff", feature = "uuid"))]
use crate::describe::{Kind, Member, TypeDesc};

/// The descriptor of a type that crosses as a struct of these fields.
#[cfg(any(feature = "http", feature = "jiff", feature = "uuid"))]
const fn of_struct<Abi>(id: u128, name: &'static str, members: &'static [Member]) -> TypeDesc {
    super::built_in::<Abi>(id, Kind::Struct, name, members)
}

/// The one field of a type that crosses as another.
#[cfg(any(feature = "http", feature = "jiff", feature = "uuid"))]
const fn only(ty: crate::describe::TypeRef) -> Member {
    Member { name: "0", ..super::unnamed(ty) }
}

/// Types that cross as a text of theirs, which their own crate reads again.
#[cfg(any(feature = "http", feature = "jiff"))]
macro_rules! texts {
    ($($id:literal $name:literal $ty:ty: |$value:ident| $show:expr, |$text:ident| $read:expr;)*) => {$(
        // SAFETY: the wire form is a text, and `from_abi` accepts what the type's own crate reads only.
        unsafe impl $crate::wire::PluginType for $ty {
            type Abi = $crate::wire::RawVec<u8>;
            const ID: u128 = $crate::Hasher::new().text($id).finish().0;
            const DESC: $crate::describe::TypeRef = $crate::describe::TypeRef::new(const {
                let members = const { &[super::only(<String as $crate::wire::PluginType>::DESC)] };
                &super::of_struct::<Self::Abi>(Self::ID, $name, members)
            });

            fn into_abi(self) -> Self::Abi {
                let $value = &self;
                $crate::wire::PluginType::into_abi(String::from($show))
            }

            fn lend(&self, mirrors: &mut $crate::wire::Mirrors) -> Self::Abi {
                let $value = self;
                $crate::wire::RawVec::kept(String::from($show).into_bytes(), mirrors)
            }

            unsafe fn from_abi(abi: Self::Abi) -> Result<Self, $crate::wire::Invalid> {
                // SAFETY: as the caller promises of `abi`.
                let $text = unsafe { <String as $crate::wire::PluginType>::from_abi(abi) }?;
                $read.map_err(|_| $crate::wire::Invalid::Form { name: $name })
            }
        }
    )*};
}
#[cfg(any(feature = "http", feature = "jiff"))]
use texts;
