//! Maps and sets: a vector of pairs, a vector of items.
//!
//! In: the maps and sets of std, with the hasher that std gives them. Out: [`RawVec`]s, in whatever order the map has. It
//! does not know how the other side orders or hashes; a key that comes twice is refused.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
#[cfg(feature = "std")]
use core::hash::Hash;
#[cfg(feature = "std")]
use std::collections::{HashMap, HashSet};

use super::{Invalid, Mirrors, PluginType, RawVec, Tuple2Abi, built_in, unnamed};
use crate::Hasher;
use crate::describe::{Kind, TypeRef};

macro_rules! maps {
    ($($(#[$gate:meta])* $map:ident $name:literal: $($bound:ident)+;)*) => {$(
        $(#[$gate])*
        // SAFETY: the pairs cross as tuples in a vector do.
        unsafe impl<K: PluginType $(+ $bound)+, V: PluginType> PluginType for $map<K, V> {
            type Abi = RawVec<Tuple2Abi<K::Abi, V::Abi>>;
            const ID: u128 = Hasher::new().text($name).number(K::ID).number(V::ID).finish().0;
            const DESC: TypeRef = TypeRef::new(const {
                &built_in::<Self::Abi>(
                    Self::ID,
                    Kind::Map,
                    $name,
                    const { &[unnamed(K::DESC), unnamed(V::DESC)] },
                )
            });

            fn into_abi(self) -> Self::Abi {
                Vec::from_iter(self).into_abi()
            }

            fn lend(&self, mirrors: &mut Mirrors) -> Self::Abi {
                let pairs = self.iter().map(|(key, value)| Tuple2Abi(key.lend(mirrors), value.lend(mirrors)));
                let pairs = pairs.collect();
                RawVec::kept(pairs, mirrors)
            }

            unsafe fn from_abi(abi: Self::Abi) -> Result<Self, Invalid> {
                let mut map = Self::default();
                // SAFETY: as the caller promises of `abi`.
                for (key, value) in unsafe { Vec::<(K, V)>::from_abi(abi) }? {
                    if map.insert(key, value).is_some() {
                        return Err(Invalid::Duplicate { name: $name });
                    }
                }
                Ok(map)
            }
        }
    )*};
}

macro_rules! sets {
    ($($(#[$gate:meta])* $set:ident $name:literal: $($bound:ident)+;)*) => {$(
        $(#[$gate])*
        // SAFETY: the items cross as those of a vector do.
        unsafe impl<T: PluginType $(+ $bound)+> PluginType for $set<T> {
            type Abi = RawVec<T::Abi>;
            const ID: u128 = Hasher::new().text($name).number(T::ID).finish().0;
            const DESC: TypeRef = TypeRef::new(
                const { &built_in::<Self::Abi>(Self::ID, Kind::Set, $name, const { &[unnamed(T::DESC)] }) },
            );

            fn into_abi(self) -> Self::Abi {
                Vec::from_iter(self).into_abi()
            }

            fn lend(&self, mirrors: &mut Mirrors) -> Self::Abi {
                let items = self.iter().map(|item| item.lend(mirrors)).collect();
                RawVec::kept(items, mirrors)
            }

            unsafe fn from_abi(abi: Self::Abi) -> Result<Self, Invalid> {
                let mut set = Self::default();
                // SAFETY: as the caller promises of `abi`.
                for item in unsafe { Vec::<T>::from_abi(abi) }? {
                    if !set.insert(item) {
                        return Err(Invalid::Duplicate { name: $name });
                    }
                }
                Ok(set)
            }
        }
    )*};
}

maps! {
    BTreeMap "BTreeMap": Ord;
    #[cfg(feature = "std")]
    HashMap "HashMap": Eq Hash;
}

sets! {
    BTreeSet "BTreeSet": Ord;
    #[cfg(feature = "std")]
    HashSet "HashSet": Eq Hash;
}
