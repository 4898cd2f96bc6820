//! The bytes of a built library, to be broken at a known place.
//!
//! In: a 64-bit little-endian ELF file of ours. Out: where its headers, its notes and its export lie, and copies with
//! other bytes there. It reads by offset on purpose: what it shares with the loader it could not test.

use std::fs;
use std::path::{Path, PathBuf};

/// Where an ELF header holds its machine, in bytes.
pub const MACHINE_AT: usize = 18;
/// How many bytes an ELF header has.
pub const HEADER_LEN: usize = 64;
/// How many bytes a program header has.
pub const SEGMENT_LEN: usize = 56;

/// What a note of ours begins with, from its owner on.
const NOTE: &[u8] = b"Plugin\0\0PLGNOTE\0";
/// What an export begins with.
const EXPORT: &[u8] = b"\x7fPLUGIN\n";

/// A library's bytes.
#[derive(Clone)]
pub struct Library(pub Vec<u8>);

/// Where one note lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoteAt {
    /// Its record kind: 1 declares, 2 exports.
    pub kind: u32,
    /// Where its frame begins, in bytes from the file's start.
    pub frame: usize,
    /// Where its descriptor begins.
    pub desc: usize,
    /// How long its descriptor is, in bytes.
    pub len: usize,
}

impl Library {
    /// Reads a built library.
    ///
    /// # Panics
    /// It cannot be read.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        Self(fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    }

    /// Writes the bytes into a directory.
    ///
    /// # Panics
    /// They cannot be written.
    #[must_use]
    pub fn write(&self, directory: &Path, name: &str) -> PathBuf {
        let path = directory.join(name);
        fs::write(&path, &self.0).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path
    }

    /// A copy with other bytes at one place.
    ///
    /// # Panics
    /// They reach beyond the end.
    #[must_use]
    pub fn with(&self, at: usize, bytes: &[u8]) -> Self {
        let mut copy = self.clone();
        copy.0[at..at + bytes.len()].copy_from_slice(bytes);
        copy
    }

    /// A copy of the first bytes.
    #[must_use]
    pub fn cut(&self, len: usize) -> Self {
        Self(self.0[..len].to_vec())
    }

    /// The number at this place.
    ///
    /// # Panics
    /// It reaches beyond the end.
    #[must_use]
    pub fn word(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.0[at..at + 4].try_into().expect("four bytes"))
    }

    /// Every place where these bytes stand.
    #[must_use]
    pub fn find(&self, bytes: &[u8]) -> Vec<usize> {
        let windows = self.0.windows(bytes.len()).enumerate();
        windows.filter(|(_, window)| *window == bytes).map(|(at, _)| at).collect()
    }

    /// Where the program headers end.
    #[must_use]
    pub fn headers_end(&self) -> usize {
        let count = u16::from_le_bytes([self.0[56], self.0[57]]);
        HEADER_LEN + usize::from(count) * SEGMENT_LEN
    }

    /// Every note of ours.
    #[must_use]
    pub fn notes(&self) -> Vec<NoteAt> {
        let note = |owner: usize| {
            let frame = owner - 12;
            let len = self.word(frame + 4) as usize;
            NoteAt { kind: self.word(frame + 8), frame, desc: owner + 8, len }
        };
        self.find(NOTE).into_iter().map(note).collect()
    }

    /// The one note that says what is exported.
    ///
    /// # Panics
    /// There is none, or several.
    #[must_use]
    pub fn export_note(&self) -> NoteAt {
        let notes: Vec<_> = self.notes().into_iter().filter(|note| note.kind == 2).collect();
        let [note] = notes[..] else { panic!("expected one export, found {notes:?}") };
        note
    }

    /// A note's descriptor.
    #[must_use]
    pub fn desc(&self, note: NoteAt) -> &[u8] {
        &self.0[note.desc..note.desc + note.len]
    }

    /// Where these bytes stand inside a note's descriptor.
    ///
    /// # Panics
    /// Nowhere.
    #[must_use]
    pub fn find_in(&self, note: NoteAt, bytes: &[u8]) -> usize {
        let found = self.desc(note).windows(bytes.len()).position(|window| window == bytes);
        note.desc + found.unwrap_or_else(|| panic!("the note has no {}", bytes.escape_ascii()))
    }

    /// Where the export static lies.
    ///
    /// # Panics
    /// There is none, or several.
    #[must_use]
    pub fn export(&self) -> usize {
        let found = self.find(EXPORT);
        let [at] = found[..] else { panic!("expected one export static, found {}", found.len()) };
        at
    }
}
