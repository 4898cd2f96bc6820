//! The records in a file: a shared object, an executable, an object file, or an archive of those (an rlib).
//!
//! The bytes are foreign. `object` reads the containers, `plugin_abi::note` the records; both refuse what lies.

use std::path::Path;
use std::{fmt, fs, io};

use object::read::archive::ArchiveFile;
use object::{Object, ObjectSection};
use plugin_abi::name::{DECLARED_SECTION, NOTE_SECTION};
use plugin_abi::note::{NoteError, Notes, Record, decode};

/// Why a file has no records to show.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// The file cannot be read.
    Io(io::Error),
    /// It is neither ELF nor an archive of ELF files, or it is damaged.
    Format(object::Error),
    /// A note is damaged.
    Note(NoteError),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::Format(error) => write!(f, "expected an ELF file or an archive of them: {error}"),
            Self::Note(error) => write!(f, "{error}"),
        }
    }
}

/// Every record of a file.
///
/// # Errors
/// The file cannot be read, or lies.
pub(crate) fn records(path: &Path) -> Result<Vec<Record>, ReadError> {
    records_in(&fs::read(path).map_err(ReadError::Io)?)
}

/// The same of a file's bytes.
///
/// # Errors
/// They lie.
pub(crate) fn records_in(bytes: &[u8]) -> Result<Vec<Record>, ReadError> {
    let mut found = Vec::new();
    if bytes.starts_with(&object::archive::MAGIC) {
        let archive = ArchiveFile::parse(bytes).map_err(ReadError::Format)?;
        for member in archive.members() {
            let member = member.map_err(ReadError::Format)?;
            let data = member.data(bytes).map_err(ReadError::Format)?;
            // An rlib also holds rustc's metadata, which is no object we know.
            if data.starts_with(&object::elf::ELFMAG) {
                of_object(data, &mut found)?;
            }
        }
    } else {
        of_object(bytes, &mut found)?;
    }
    Ok(found)
}

/// Whether rustc compiled it, and not a compiler of C to which a header said what the contract is.
pub(crate) fn is_of_rustc(record: &Record) -> bool {
    record.toolchain.rustc.starts_with("rustc ")
}

fn of_object(bytes: &[u8], found: &mut Vec<Record>) -> Result<(), ReadError> {
    let file = object::File::parse(bytes).map_err(ReadError::Format)?;
    for section in file.sections() {
        if section.name().is_ok_and(|name| [NOTE_SECTION, DECLARED_SECTION].contains(&name)) {
            let data = section.data().map_err(ReadError::Format)?;
            for note in Notes::new(data, !file.is_little_endian()) {
                let (kind, desc) = note.map_err(ReadError::Note)?;
                found.push(decode(kind, desc).map_err(ReadError::Note)?);
            }
        }
    }
    Ok(())
}
