//! The dynamic section: what a library tells the dynamic linker.
//!
//! In: a file and its segments. Out: the section's entries, and bytes by the address that they will have in memory. It
//! does not know what anybody looks for.

use std::borrow::Cow;

use object::elf::{self, DynamicTag};
use object::pod;
use object::read::elf::{Dyn as _, FileHeader};

use super::elf::{ENDIAN, Header, Segment};
use super::source::Source;
use crate::LoadError;

type Entry = <Header as FileHeader>::Dyn;

/// A file by the addresses that it will have in memory.
#[derive(Clone, Copy)]
pub(super) struct Image<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) segments: &'a [Segment],
}

impl<'a> Image<'a> {
    /// These bytes of the image.
    pub(super) fn read(
        self,
        what: &'static str,
        address: u64,
        size: u64,
    ) -> Result<Cow<'a, [u8]>, LoadError> {
        let inside = |segment: &&Segment| {
            let offset = address.checked_sub(segment.address);
            segment.kind == elf::PT_LOAD && offset.is_some_and(|offset| offset < segment.size)
        };
        let offset =
            self.segments.iter().find(inside).map(|segment| segment.offset + (address - segment.address));
        // An address outside every segment is one past the end of the file.
        self.source.read(what, offset.unwrap_or(self.source.len.saturating_add(address)), size)
    }

    /// Four of them, as a number.
    pub(super) fn word(self, what: &'static str, address: u64) -> Result<u32, LoadError> {
        let bytes = self.read(what, address, 4)?;
        Ok(<[u8; 4]>::try_from(&*bytes).map_or(0, u32::from_ne_bytes))
    }
}

/// A dynamic section, up to the entry that ends it.
pub(super) struct Dynamic<'a> {
    pub(super) image: Image<'a>,
    bytes: Cow<'a, [u8]>,
    /// Where the tables of symbols, of their names and of their hashes lie.
    pub(super) symbols: Option<u64>,
    pub(super) strings: Option<u64>,
    pub(super) gnu_hash: Option<u64>,
    pub(super) hash: Option<u64>,
}

impl<'a> Dynamic<'a> {
    /// Reads the section; a library without one has no entries.
    pub(super) fn read(image: Image<'a>) -> Result<Self, LoadError> {
        let segment = image.segments.iter().find(|segment| segment.kind == elf::PT_DYNAMIC);
        let bytes = match segment {
            Some(segment) => image.source.read("the dynamic section", segment.offset, segment.size)?,
            None => Cow::Borrowed(&[][..]),
        };
        let mut dynamic = Self { image, bytes, symbols: None, strings: None, gnu_hash: None, hash: None };
        for (tag, value) in entries(&dynamic.bytes) {
            // Of several the last one counts, as for the dynamic linkers.
            match tag {
                elf::DT_SYMTAB => dynamic.symbols = Some(value),
                elf::DT_STRTAB => dynamic.strings = Some(value),
                elf::DT_GNU_HASH => dynamic.gnu_hash = Some(value),
                elf::DT_HASH => dynamic.hash = Some(value),
                _ => {}
            }
        }
        Ok(dynamic)
    }

    /// The libraries that it needs: where their names lie in the table of names, in order.
    pub(super) fn needed(&self) -> impl Iterator<Item = u64> {
        entries(&self.bytes).filter(|(tag, _)| *tag == elf::DT_NEEDED).map(|(_, value)| value)
    }
}

fn entries(bytes: &[u8]) -> impl Iterator<Item = (DynamicTag, u64)> {
    // One by one: where the section lies in the file, nothing says that it is aligned for more.
    let entries = bytes.chunks_exact(size_of::<Entry>());
    let entries = entries.filter_map(|entry| pod::from_bytes::<Entry>(entry).ok());
    let entries = entries.map(|(entry, _)| (entry.d_tag(ENDIAN), u64::from(entry.d_val(ENDIAN))));
    entries.take_while(|(tag, _)| *tag != elf::DT_NULL)
}
