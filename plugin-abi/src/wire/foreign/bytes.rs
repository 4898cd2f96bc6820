//! `Bytes` and `BytesMut` of the crate `bytes`: what a `Vec<u8>` crosses as.
//!
//! In: bytes that may be shared. Out: a vector, in place when nobody else has them. What arrives stays where it is, in the
//! memory of whoever made it, until the last clone is dropped.

use alloc::vec::Vec;

use bytes::{Bytes, BytesMut};

use crate::describe::TypeRef;
use crate::wire::{Buf, Invalid, Mirrors, PluginType, RawVec, memory};

// SAFETY: it is what a `Vec<u8>` is on the wire, so that in a contract the two are one type.
unsafe impl PluginType for Bytes {
    type Abi = RawVec<u8>;
    const ID: u128 = <Vec<u8>>::ID;
    const DESC: TypeRef = <Vec<u8>>::DESC;

    fn into_abi(self) -> RawVec<u8> {
        Vec::from(self).into_abi()
    }

    fn lend(&self, _: &mut Mirrors) -> RawVec<u8> {
        RawVec::lent(self)
    }

    unsafe fn from_abi(abi: RawVec<u8>) -> Result<Self, Invalid> {
        // What is lent may be kept here, as a clone: it is copied.
        if abi.free.is_none() || memory::is_own::<u8>(abi.free) {
            // SAFETY: the caller's promise is the same.
            return unsafe { Vec::from_abi(abi) }.map(Self::from);
        }
        // SAFETY: as above.
        unsafe { Buf::from_abi(abi) }.map(Self::from_owner)
    }
}

// SAFETY: as above.
unsafe impl PluginType for BytesMut {
    type Abi = RawVec<u8>;
    const ID: u128 = <Vec<u8>>::ID;
    const DESC: TypeRef = <Vec<u8>>::DESC;

    fn into_abi(self) -> RawVec<u8> {
        Vec::from(self).into_abi()
    }

    fn lend(&self, _: &mut Mirrors) -> RawVec<u8> {
        RawVec::lent(self)
    }

    unsafe fn from_abi(abi: RawVec<u8>) -> Result<Self, Invalid> {
        // SAFETY: the caller's promise is the same.
        unsafe { Vec::from_abi(abi) }.map(|bytes| Self::from(Bytes::from(bytes)))
    }
}
