//! Bytes that are no result.
//!
//! In: a result's type. Out: its wire form with something in it that its receiver refuses, as of a plugin that was cut short.
//! It does not know who wants it.

use std::mem::offset_of;

use crate::Status;
use crate::call::{self, Out};
use crate::describe::{Kind, TypeDesc};
use crate::fault::joined;
use crate::wire::{PluginType, RawSlice, RawVec};

/// Writes an invalid result.
///
/// # Safety
/// `out` is valid for a write.
pub(super) unsafe fn write<R: PluginType>(out: *mut Out<R::Abi>) -> Status {
    let desc = R::DESC.get();
    // Null wherever there is a pointer or a function: nothing of it is followed or called.
    // SAFETY: the caller's promise is the same.
    unsafe { out.cast::<u8>().write_bytes(0, size_of::<R::Abi>()) };
    if let Some((offset, word)) = place(desc) {
        let bytes = word.bytes();
        // SAFETY: the description says what lies there, within the wire form.
        let at = unsafe { out.cast::<u8>().add(offset) };
        // SAFETY: as above.
        unsafe { at.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    }
    // SAFETY: as above; a wire form is made of numbers and pointers, so that these bytes are one.
    let written = unsafe { out.cast::<R::Abi>().read() };
    // SAFETY: what the receiver will do with the bytes is no more than this.
    if unsafe { R::from_abi(written) }.is_err() {
        return Status::OK;
    }
    let text = joined(&["there is no invalid result: whatever the bytes are, they are a `", desc.name, "`"]);
    // SAFETY: the caller's promise is the same; a fault's text begins where the union does.
    unsafe { call::fail(out.cast(), Status::PASSED, text) }
}

/// What is written over the zeros.
enum Word {
    /// A byte that is neither 0 nor 1.
    Byte,
    /// A tag that no variant has, a surrogate's neighbour that is no `char`, more nanoseconds than a second has.
    Tag,
    /// A length, where the pointer is null.
    Length,
}

impl Word {
    const fn bytes(&self) -> &'static [u8] {
        match self {
            Self::Byte => &[0xff],
            Self::Tag => &[0xff; 4],
            Self::Length => const { &1_usize.to_ne_bytes() },
        }
    }
}

/// Where in the wire form of this type something can be wrong, and what.
fn place(desc: &TypeDesc) -> Option<(usize, Word)> {
    match desc.kind {
        Kind::Scalar if desc.name == "bool" => Some((0, Word::Byte)),
        Kind::Scalar if desc.name == "char" => Some((0, Word::Tag)),
        Kind::Option | Kind::Result | Kind::Enum | Kind::Open => Some((0, Word::Tag)),
        Kind::Str | Kind::Slice => Some((offset_of!(RawSlice<u8>, len), Word::Length)),
        Kind::String | Kind::Vec | Kind::Map | Kind::Set => Some((offset_of!(RawVec<u8>, len), Word::Length)),
        Kind::Std if desc.name == "PathBuf" => Some((offset_of!(RawVec<u8>, len), Word::Length)),
        Kind::Std if desc.name == "Duration" || desc.name == "SystemTime" => Some((8, Word::Tag)),
        Kind::Std if desc.name == "IpAddr" || desc.name == "SocketAddr" => Some((0, Word::Byte)),
        Kind::Struct | Kind::Tuple => desc.members.iter().find_map(|member| {
            let (offset, word) = place(member.ty.get())?;
            Some((member.offset + offset, word))
        }),
        Kind::Array if desc.size > 0 => place(desc.members.first()?.ty.get()),
        // Null is wrong where a pointer stands, and whatever a number is, it is right.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::boxed::Box;
    use std::collections::BTreeMap;
    use std::mem::MaybeUninit;
    use std::path::PathBuf;
    use std::string::String;
    use std::time::Duration;
    use std::vec::Vec;

    use super::write;
    use crate::Status;
    use crate::call::Out;
    use crate::instance::text_of;
    use crate::wire::PluginType;

    fn spoiled<R: PluginType>() -> Status {
        let mut out = MaybeUninit::<Out<R::Abi>>::uninit();
        // SAFETY: there is room for it.
        let status = unsafe { write::<R>(out.as_mut_ptr()) };
        if status.has_text() {
            // SAFETY: the status says that a text was written.
            drop(unsafe { text_of(status, out.as_ptr().cast()) });
        }
        status
    }

    #[test]
    fn whatever_is_checked_where_it_arrives_can_be_invalid() {
        let spoiled = [
            spoiled::<bool>(),
            spoiled::<char>(),
            spoiled::<String>(),
            spoiled::<&str>(),
            spoiled::<&[u64]>(),
            spoiled::<Vec<u8>>(),
            spoiled::<Vec<String>>(),
            spoiled::<Option<u8>>(),
            spoiled::<Result<(), String>>(),
            spoiled::<(u64, String)>(),
            spoiled::<[bool; 3]>(),
            spoiled::<BTreeMap<u8, u8>>(),
            spoiled::<Box<u64>>(),
            spoiled::<PathBuf>(),
            spoiled::<Duration>(),
            spoiled::<std::time::SystemTime>(),
            spoiled::<std::net::IpAddr>(),
            spoiled::<std::net::SocketAddr>(),
        ];
        assert_eq!(spoiled, [Status::OK; 18]);
    }

    #[test]
    fn whatever_is_right_with_any_bytes_is_said_to_be_so() {
        let right =
            [spoiled::<u64>(), spoiled::<f32>(), spoiled::<(u8, u16)>(), spoiled::<std::net::Ipv4Addr>()];
        assert_eq!(right, [Status::PASSED; 4]);
    }
}
