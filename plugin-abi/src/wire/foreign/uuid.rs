//! `Uuid` of the crate `uuid`: its 16 bytes, in the order of RFC 9562.
//!
//! In: an identifier. Out: an array. Any bytes are one.

use uuid::Uuid;

use super::{of_struct, only};
use crate::Hasher;
use crate::describe::TypeRef;
use crate::wire::{ArrayAbi, Invalid, PluginType, lent_as_it_is};

// SAFETY: sixteen bytes, each of any value.
unsafe impl PluginType for Uuid {
    type Abi = ArrayAbi<u8, 16>;
    const ID: u128 = Hasher::new().text("uuid::Uuid").finish().0;
    const DESC: TypeRef = TypeRef::new(
        const { &of_struct::<Self::Abi>(Self::ID, "Uuid", const { &[only(<[u8; 16]>::DESC)] }) },
    );

    #[inline]
    fn into_abi(self) -> Self::Abi {
        ArrayAbi { items: self.into_bytes() }
    }

    lent_as_it_is!();

    #[inline]
    unsafe fn from_abi(abi: Self::Abi) -> Result<Self, Invalid> {
        Ok(Self::from_bytes(abi.items))
    }
}
