//! A file that is read in few steps, because each is a system call.
//!
//! In: a path, and room for what is read. Out: bytes by their offset, each range held against the file's length first. It
//! does not know what they mean.

use std::borrow::Cow;
use std::fs::{File, Metadata};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;

use crate::LoadError;

/// No plugin of ours comes near this; a part that claims more is damaged.
const LARGEST_PART: u64 = 64 << 20;

/// How many of a file's first bytes are read at once: the headers, and behind them the notes and the symbols, where linkers put
/// them.
const HEAD: usize = 8 << 10;

/// Where they go: on the caller's stack, which is there already. On the heap they are two page faults, at each load, where the
/// heap has no room of this size but at its end.
pub(super) struct Room([u8; HEAD]);

impl Room {
    pub(super) const fn new() -> Self {
        Self([0; HEAD])
    }
}

/// A file, its length, and its path for errors.
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    pub(super) file: File,
    pub(super) metadata: Metadata,
    pub(super) len: u64,
    /// Its first bytes.
    head: &'a [u8],
}

impl<'a> Source<'a> {
    pub(super) fn open(path: &'a Path, room: &'a mut Room) -> Result<Self, LoadError> {
        let error = |source| LoadError::io(path, source);
        // A pipe without a writer would never open otherwise; reading a regular file never blocks.
        let file = File::options().read(true).custom_flags(libc::O_NONBLOCK).open(path).map_err(error)?;
        let metadata = file.metadata().map_err(error)?;
        if !metadata.is_file() {
            let found = if metadata.is_dir() { "a directory" } else { "no regular file" };
            return Err(LoadError::NotAFile { path: path.to_owned(), found });
        }
        let len = metadata.len();
        let (head, _) = room.0.split_at_mut(usize::try_from(len).map_or(HEAD, |len| len.min(HEAD)));
        file.read_exact_at(head, 0).map_err(error)?;
        Ok(Self { path, file, metadata, len, head })
    }

    pub(super) fn check_range(&self, what: &'static str, offset: u64, size: u64) -> Result<(), LoadError> {
        let needs = offset.saturating_add(size);
        if needs <= self.len {
            return Ok(());
        }
        Err(LoadError::Truncated { path: self.path.to_owned(), what, needs, has: self.len })
    }

    pub(super) fn check_size(&self, what: &'static str, size: u64) -> Result<usize, LoadError> {
        let too_large =
            || LoadError::Truncated { path: self.path.to_owned(), what, needs: size, has: LARGEST_PART };
        usize::try_from(size).ok().filter(|_| size <= LARGEST_PART).ok_or_else(too_large)
    }

    /// These bytes of the file: out of what was read at once, or read now.
    pub(super) fn read(
        &self,
        what: &'static str,
        offset: u64,
        size: u64,
    ) -> Result<Cow<'_, [u8]>, LoadError> {
        self.check_range(what, offset, size)?;
        let size = self.check_size(what, size)?;
        let known = usize::try_from(offset).ok().and_then(|at| self.head.get(at..at.checked_add(size)?));
        if let Some(known) = known {
            return Ok(Cow::Borrowed(known));
        }
        let mut bytes = vec![0; size];
        self.file.read_exact_at(&mut bytes, offset).map_err(|source| LoadError::io(self.path, source))?;
        Ok(Cow::Owned(bytes))
    }
}
