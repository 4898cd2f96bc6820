//! What an ELF file says of itself, read without mapping or running any of it.
//!
//! In: a path. Out: the record of what it exports. Only the headers and the notes are read, so that the size of the
//! code does not matter. The bytes are hostile: every range is held against the file's length before it is read.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use object::Endianness;
use object::elf::{self, FileClass, FileType, Machine, ProgramType};
use object::pod;
use object::read::elf::{FileHeader, ProgramHeader};
use plugin_abi::note::{Notes, Record, RecordKind, decode};

use crate::LoadError;

#[cfg(target_pointer_width = "64")]
type Header = elf::FileHeader64<Endianness>;
#[cfg(target_pointer_width = "32")]
type Header = elf::FileHeader32<Endianness>;

/// No plugin of ours comes near this; a note that claims more is damaged.
const LARGEST_NOTE: u64 = 64 << 20;

/// The record of the plugin's export. When a library holds several, the one with the contract.
pub(super) fn read_export(path: &Path, contract: &str) -> Result<Record, LoadError> {
    let mut file = Source::open(path)?;
    let segments = file.program_headers()?;
    let mut exports: Vec<Record> = Vec::new();
    let mut declares = Vec::new();
    for segment in segments {
        let (offset, size) = (segment.offset, segment.size);
        let what = if segment.kind == elf::PT_LOAD { "a loaded segment" } else { "a note segment" };
        file.check_range(what, offset, size)?;
        if segment.kind != elf::PT_NOTE {
            continue;
        }
        let bytes = file.read(what, offset, size)?;
        for note in Notes::new(&bytes, cfg!(target_endian = "big")) {
            let (kind, desc) = note.map_err(|error| LoadError::note(path, error))?;
            let record = decode(kind, desc).map_err(|error| LoadError::note(path, error))?;
            match record.kind {
                RecordKind::Exports => exports.push(record),
                RecordKind::Declares => declares.extend(record.contracts.into_iter().map(|one| one.id)),
            }
        }
    }
    let path = path.to_owned();
    let mut with_contract = exports.iter().enumerate().filter(|(_, record)| record.contract(contract).is_some());
    match (with_contract.next(), with_contract.next()) {
        (Some(_), Some(_)) => Err(LoadError::DuplicateContract { path, contract: contract.to_owned() }),
        (Some((at, _)), None) => Ok(exports.swap_remove(at)),
        (None, _) => match exports.pop() {
            Some(record) => Ok(record),
            None if declares.is_empty() => Err(LoadError::NoNote { path }),
            None => Err(LoadError::NotAPlugin { path, declares }),
        },
    }
}

/// A file, its length, and its path for errors.
struct Source<'a> {
    path: &'a Path,
    file: File,
    len: u64,
}

/// What we need of a program header.
struct Segment {
    kind: ProgramType,
    offset: u64,
    size: u64,
}

impl<'a> Source<'a> {
    fn open(path: &'a Path) -> Result<Self, LoadError> {
        let error = |source| LoadError::io(path, source);
        // Before opening: a pipe without a writer would never open.
        let metadata = std::fs::metadata(path).map_err(error)?;
        if !metadata.is_file() {
            let found = if metadata.is_dir() { "a directory" } else { "no regular file" };
            return Err(LoadError::NotAFile { path: path.to_owned(), found });
        }
        let file = File::open(path).map_err(error)?;
        let len = file.metadata().map_err(error)?.len();
        Ok(Self { path, file, len })
    }

    fn check_range(&self, what: &'static str, offset: u64, size: u64) -> Result<(), LoadError> {
        let needs = offset.saturating_add(size);
        if needs <= self.len {
            return Ok(());
        }
        Err(LoadError::Truncated { path: self.path.to_owned(), what, needs, has: self.len })
    }

    fn read(&mut self, what: &'static str, offset: u64, size: u64) -> Result<Vec<u8>, LoadError> {
        self.check_range(what, offset, size)?;
        let too_large = || LoadError::Truncated { path: self.path.to_owned(), what, needs: size, has: LARGEST_NOTE };
        let size = usize::try_from(size).ok().filter(|_| size <= LARGEST_NOTE).ok_or_else(too_large)?;
        let mut bytes = vec![0; size];
        let read = self.file.seek(SeekFrom::Start(offset)).and_then(|_| self.file.read_exact(&mut bytes));
        read.map_err(|source| LoadError::io(self.path, source))?;
        Ok(bytes)
    }

    /// The file header, once it is one for this very machine, and the program headers behind it.
    fn program_headers(&mut self) -> Result<Vec<Segment>, LoadError> {
        let head = self.read("the file's first bytes", 0, self.len.min(size_of::<Header>() as u64))?;
        let path = || self.path.to_owned();
        if head.get(..4) != Some(&elf::ELFMAG) {
            let found = head[..head.len().min(8)].escape_ascii().to_string();
            return Err(LoadError::NotElf { path: path(), found });
        }
        let class = head.get(4).copied().unwrap_or_default();
        let order = head.get(5).copied().unwrap_or_default();
        let truncated =
            LoadError::Truncated { path: path(), what: "the ELF header", needs: size_of::<Header>() as u64, has: self.len };
        if head.len() < 6 {
            return Err(truncated);
        }
        let expected = class_name(if cfg!(target_pointer_width = "64") { elf::ELFCLASS64 } else { elf::ELFCLASS32 });
        if class_name(FileClass(class)) != expected {
            return Err(LoadError::WrongClass { path: path(), expected, found: class_name(FileClass(class)) });
        }
        let expected = order_name(if cfg!(target_endian = "big") { elf::ELFDATA2MSB } else { elf::ELFDATA2LSB });
        if order_name(elf::DataEncoding(order)) != expected {
            return Err(LoadError::WrongClass { path: path(), expected, found: order_name(elf::DataEncoding(order)) });
        }
        let Ok((header, _)) = pod::from_bytes::<Header>(&head) else { return Err(truncated) };
        let endian = if cfg!(target_endian = "big") { Endianness::Big } else { Endianness::Little };
        let machine = header.e_machine(endian);
        if machine != host_machine() {
            let (expected, found) = (machine_name(host_machine()), machine_name(machine));
            return Err(LoadError::WrongArch { path: path(), expected, found });
        }
        let kind = header.e_type(endian);
        if kind != elf::ET_DYN {
            return Err(LoadError::NotShared { path: path(), found: type_name(kind) });
        }
        let (offset, count) = (u64::from(header.e_phoff(endian)), u64::from(header.e_phnum(endian)));
        let entry = size_of::<<Header as FileHeader>::ProgramHeader>();
        if usize::from(header.e_phentsize(endian)) != entry {
            let found = format!("an ELF file with program headers of {} bytes", header.e_phentsize(endian));
            return Err(LoadError::NotShared { path: path(), found });
        }
        let bytes = self.read("the program headers", offset, count * entry as u64)?;
        let headers = bytes.chunks_exact(entry).filter_map(|bytes| {
            let (header, _) = pod::from_bytes::<<Header as FileHeader>::ProgramHeader>(bytes).ok()?;
            let (offset, size) = (header.p_offset(endian), header.p_filesz(endian));
            Some(Segment { kind: header.p_type(endian), offset: offset.into(), size: size.into() })
        });
        Ok(headers.filter(|segment| matches!(segment.kind, elf::PT_LOAD | elf::PT_NOTE)).collect())
    }
}

fn class_name(class: FileClass) -> &'static str {
    match class {
        elf::ELFCLASS64 => "64-bit",
        elf::ELFCLASS32 => "32-bit",
        _ => "one of an unknown class",
    }
}

fn order_name(order: elf::DataEncoding) -> &'static str {
    match order {
        elf::ELFDATA2LSB => "little-endian",
        elf::ELFDATA2MSB => "big-endian",
        _ => "one of an unknown byte order",
    }
}

const fn host_machine() -> Machine {
    if cfg!(target_arch = "x86_64") {
        elf::EM_X86_64
    } else if cfg!(target_arch = "aarch64") {
        elf::EM_AARCH64
    } else if cfg!(target_arch = "x86") {
        elf::EM_386
    } else if cfg!(target_arch = "arm") {
        elf::EM_ARM
    } else if cfg!(any(target_arch = "riscv64", target_arch = "riscv32")) {
        elf::EM_RISCV
    } else {
        elf::EM_NONE
    }
}

fn machine_name(machine: Machine) -> String {
    match machine {
        elf::EM_X86_64 => "x86-64".to_owned(),
        elf::EM_AARCH64 => "AArch64".to_owned(),
        elf::EM_386 => "x86".to_owned(),
        elf::EM_ARM => "ARM".to_owned(),
        elf::EM_RISCV => "RISC-V".to_owned(),
        elf::EM_BPF => "eBPF (a kernel program, for which this host has no loader)".to_owned(),
        other => format!("ELF machine {}", other.0),
    }
}

fn type_name(kind: FileType) -> String {
    match kind {
        elf::ET_REL => "an object file".to_owned(),
        elf::ET_EXEC => "an executable".to_owned(),
        elf::ET_CORE => "a core dump".to_owned(),
        other => format!("ELF type {}", other.0),
    }
}
