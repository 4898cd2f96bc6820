//! Where notes lie: the frames around descriptors.
//!
//! In: the bytes of a note section or segment, foreign. Out: the descriptors that are ours. What is in them it does not know.

use super::NoteError;
use crate::name::NOTE_OWNER;

/// The three words that a frame begins with, in bytes.
const FRAME: usize = 12;

/// The notes of ours in the bytes of a note section or segment: `(type, descriptor)` each.
///
/// Other owners' notes are skipped, and zeros between notes. A frame that lies about its lengths is the last item, an error.
pub struct Notes<'a> {
    bytes: &'a [u8],
    at: usize,
    big_endian: bool,
}

impl<'a> Notes<'a> {
    /// Reads frames in the byte order of the file they are in.
    #[must_use]
    pub const fn new(bytes: &'a [u8], big_endian: bool) -> Self {
        Self { bytes, at: 0, big_endian }
    }

    fn word(&mut self) -> Option<usize> {
        let bytes = self.take(4)?.try_into().ok()?;
        let value = if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
        usize::try_from(value).ok()
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(len)?;
        let found = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(found)
    }

    fn skip_padding(&mut self) {
        self.at = self.at.next_multiple_of(4).min(self.bytes.len());
    }

    /// Passes over zeros where a frame would begin: a sanitizer puts some behind every static. Fewer than a frame's three words
    /// could be a length of one whose owner has no name.
    fn skip_zeros(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let zeros = rest.iter().take_while(|byte| **byte == 0).count();
        if zeros >= FRAME {
            self.at += zeros / 4 * 4;
        }
    }

    fn frame(&mut self) -> Option<(&'a [u8], u32, &'a [u8])> {
        let (name_len, desc_len, kind) = (self.word()?, self.word()?, self.word()?);
        let name = self.take(name_len)?;
        self.skip_padding();
        let desc = self.take(desc_len)?;
        self.skip_padding();
        Some((name, u32::try_from(kind).ok()?, desc))
    }
}

impl<'a> Iterator for Notes<'a> {
    type Item = Result<(u32, &'a [u8]), NoteError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.skip_zeros();
            if self.at >= self.bytes.len() {
                return None;
            }
            let start = self.at;
            match self.frame() {
                Some((owner, kind, desc)) if owner == NOTE_OWNER => return Some(Ok((kind, desc))),
                Some(_) => {}
                None => {
                    self.at = self.bytes.len();
                    return Some(Err(NoteError::Truncated { at: start, what: "an ELF note's frame" }));
                }
            }
        }
    }
}
