//! `Value` of the crate `serde_json`: its JSON.
//!
//! In: a value. Out: text, and not a tree of ours: every language reads it, whatever features of the crate each side has,
//! numbers keep all their digits, and it is one allocation instead of one for every text, list and pair. A value that is
//! nested more deeply than the crate reads, 128 levels, is refused where it arrives.

use alloc::string::{String, ToString as _};

use serde_json::Value;

use crate::Hasher;
use crate::describe::{Kind, TypeRef};
use crate::wire::{Invalid, Mirrors, PluginType, RawVec, built_in};

// SAFETY: the wire form is a text, and `from_abi` accepts JSON only.
unsafe impl PluginType for Value {
    type Abi = RawVec<u8>;
    const ID: u128 = Hasher::new().text("serde_json::Value").finish().0;
    const DESC: TypeRef = TypeRef::new(const { &built_in::<RawVec<u8>>(Self::ID, Kind::Std, "Value", &[]) });

    fn into_abi(self) -> RawVec<u8> {
        self.to_string().into_abi()
    }

    fn lend(&self, mirrors: &mut Mirrors) -> RawVec<u8> {
        RawVec::kept(self.to_string().into_bytes(), mirrors)
    }

    unsafe fn from_abi(abi: RawVec<u8>) -> Result<Self, Invalid> {
        // SAFETY: as the caller promises of `abi`.
        let text = unsafe { String::from_abi(abi) }?;
        serde_json::from_str(&text).map_err(|_| Invalid::Form { name: "Value" })
    }
}
