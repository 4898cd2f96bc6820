//! Where the parts of a wire form lie.
//!
//! In: descriptors. Out: offsets and strides, as rustc lays out `repr(C)`. It reads nothing.

use crate::describe::{Member, TypeDesc, Variant};
use crate::wire::{PluginType, RawVec};

/// Behind a tag of four bytes: what is aligned to less follows at once.
pub(super) fn behind_tag(align: usize) -> usize {
    size_of::<u32>().max(align)
}

/// A map's pairs: where the value lies in one, and how far it is to the next.
pub(super) fn pair(key: &TypeDesc, value: &TypeDesc) -> (usize, usize) {
    let at = key.size.next_multiple_of(value.align);
    (at, (at + value.size).next_multiple_of(key.align.max(value.align)))
}

/// The size and alignment of the struct of a variant's or a sized struct's fields.
pub(super) fn fields(members: &[Member]) -> (usize, usize) {
    let end = members.iter().map(|member| member.offset + member.ty.get().size).max().unwrap_or(0);
    let align = members.iter().map(|member| member.ty.get().align).max().unwrap_or(1);
    (end.next_multiple_of(align), align)
}

/// Whether fields have no names: `0`, `1`, ….
pub(super) fn unnamed(members: &[Member]) -> bool {
    members.first().is_some_and(|member| member.name.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a map with such keys is an object of JSON.
pub(super) fn is_text(key: &TypeDesc) -> bool {
    use crate::describe::Kind;
    matches!(key.kind, Kind::Str | Kind::String) || (key.kind == Kind::Std && key.name == "PathBuf")
}

/// The type of the member with this number.
pub(super) fn part(desc: &TypeDesc, at: usize) -> &'static TypeDesc {
    desc.members[at].ty.get()
}

/// The variant with this tag.
pub(super) fn variant(desc: &TypeDesc, tag: u32) -> Option<&'static Variant> {
    desc.variants.iter().find(|variant| variant.tag == tag)
}

/// Whether elements are bytes, whose vectors are made as such: a receiver may leave them where they are.
pub(super) fn are_bytes(elem: &TypeDesc) -> bool {
    elem.id == <u8 as PluginType>::ID
}

/// The form of whatever vector.
pub(super) type AnyVec = RawVec<u8>;
