//! What an ELF file says of itself, read without mapping or running any of it.
//!
//! In: a path. Out: the record of what it exports. Only the headers and the notes are read, so that the size of the
//! code does not matter. The bytes are hostile: every range is held against the file's length before it is read.

use std::borrow::Cow;
use std::fs::{File, Metadata};
use std::path::Path;

use object::Endianness;
use object::elf::{self, FileClass, FileType, Machine, ProgramType};
use object::pod;
use object::read::elf::{FileHeader, ProgramHeader};
use plugin_abi::note::{Head, NoteError, Notes, Record, RecordKind, decode};

use super::c_library::check_c_library;
use super::dynamic::{Dynamic, Image};
use super::source::{Room, Source};
use super::symbols::check_export;
#[cfg(feature = "mock")]
use super::symbols::has_control;
use crate::LoadError;

#[cfg(target_pointer_width = "64")]
pub(super) type Header = elf::FileHeader64<Endianness>;
#[cfg(target_pointer_width = "32")]
pub(super) type Header = elf::FileHeader32<Endianness>;

/// The byte order of this machine: a file in another is refused before anything else of it is read.
pub(super) const ENDIAN: Endianness =
    if cfg!(target_endian = "big") { Endianness::Big } else { Endianness::Little };

/// No linker makes as many segments; a file that claims more is damaged.
const MOST_SEGMENTS: u64 = 256;

/// A library that was read, and not opened.
pub(super) struct Library<'a> {
    /// What it exports.
    pub(super) export: Export,
    source: Source<'a>,
    segments: Vec<Segment>,
}

/// What a library exports, as its note says.
pub(super) struct Export {
    /// The entry symbol.
    pub(super) symbol: String,
    /// Whether a panic ends the process there.
    pub(super) panic_abort: bool,
    /// Its types and contracts; nothing when they are byte for byte what the host expected.
    pub(super) record: Option<Record>,
}

impl Export {
    fn of(record: Record) -> Self {
        let (symbol, panic_abort) = (record.symbol.clone(), record.toolchain.panic_abort);
        Self { symbol, panic_abort, record: Some(record) }
    }
}

impl<'a> Library<'a> {
    /// Reads what a library exports. When it holds several records, the one with the contract counts. What says the same as
    /// `expected` of types and contracts is not decoded.
    pub(super) fn read(
        path: &'a Path,
        room: &'a mut Room,
        contract: &str,
        expected: &[u8],
    ) -> Result<Self, LoadError> {
        let source = Source::open(path, room)?;
        let segments = source.program_headers()?;
        let notes = source.notes(&segments)?;
        let export = match as_expected(path, &notes, expected)? {
            Some(export) => export,
            None => Export::of(export(path, &notes, contract)?),
        };
        Ok(Self { export, source, segments })
    }

    /// That the C library it was linked for is this host's, and that the entry symbol of the note is there and leads to
    /// an export.
    pub(super) fn check_dynamic(&self) -> Result<(), LoadError> {
        let dynamic = Dynamic::read(Image { source: &self.source, segments: &self.segments })?;
        check_c_library(&dynamic)?;
        check_export(&dynamic, &self.export.symbol)
    }

    /// Whether it has the control of a mock under this name.
    #[cfg(feature = "mock")]
    pub(super) fn has_control(&self, symbol: &str) -> Result<bool, LoadError> {
        let dynamic = Dynamic::read(Image { source: &self.source, segments: &self.segments })?;
        has_control(&dynamic, symbol)
    }

    /// What it exports, and the file that was read, with what the system said of it then.
    pub(super) fn into_parts(self) -> (Export, File, Metadata) {
        (self.export, self.source.file, self.source.metadata)
    }
}

/// The one export of a library, if it says just what is expected.
fn as_expected(path: &Path, notes: &[Cow<'_, [u8]>], expected: &[u8]) -> Result<Option<Export>, LoadError> {
    let mut exports = notes_of(notes, is_export);
    let (Some(Ok((kind, desc))), None) = (exports.next(), exports.next()) else { return Ok(None) };
    let head = Head::read(kind, desc).map_err(|error| LoadError::note(path, error))?;
    let export = || Export { symbol: head.symbol.to_owned(), panic_abort: head.panic_abort(), record: None };
    Ok((!expected.is_empty() && head.noted == expected).then(export))
}

fn export(path: &Path, notes: &[Cow<'_, [u8]>], contract: &str) -> Result<Record, LoadError> {
    let mut exports = records(path, notes, is_export)?;
    let mut with_contract =
        exports.iter().enumerate().filter(|(_, record)| record.contract(contract).is_some());
    let (first, second) = (with_contract.next().map(|(at, _)| at), with_contract.next());
    if second.is_some() {
        return Err(LoadError::DuplicateContract { path: path.to_owned(), contract: contract.to_owned() });
    }
    if let Some(record) = first.map(|at| exports.swap_remove(at)).or_else(|| exports.pop()) {
        return Ok(record);
    }
    let declared = records(path, notes, |kind| !is_export(kind))?;
    let declares: Vec<_> =
        declared.into_iter().flat_map(|record| record.contracts).map(|one| one.id).collect();
    let path = path.to_owned();
    Err(if declares.is_empty() {
        LoadError::NoNote { path }
    } else {
        LoadError::NotAPlugin { path, declares }
    })
}

/// Whether a note of this kind says what the library is, and not what is linked in. A kind that nobody knows is refused as such.
fn is_export(kind: u32) -> bool {
    ![RecordKind::Declares as u32, RecordKind::Links as u32].contains(&kind)
}

/// The records of these kinds. What is declared proves nothing, and every contract that was linked in declares itself:
/// it is not decoded until somebody asks.
fn records(
    path: &Path,
    notes: &[Cow<'_, [u8]>],
    kinds: impl Fn(u32) -> bool,
) -> Result<Vec<Record>, LoadError> {
    let records = notes_of(notes, kinds).map(|note| note.and_then(|(kind, desc)| decode(kind, desc)));
    records.collect::<Result<_, _>>().map_err(|error| LoadError::note(path, error))
}

/// The notes of these kinds, and whatever is wrong with them.
fn notes_of<'a>(
    notes: &'a [Cow<'_, [u8]>],
    kinds: impl Fn(u32) -> bool,
) -> impl Iterator<Item = Result<(u32, &'a [u8]), NoteError>> {
    let notes = notes.iter().flat_map(|bytes| Notes::new(bytes, cfg!(target_endian = "big")));
    notes.filter(move |note| note.as_ref().map_or(true, |(kind, _)| kinds(*kind)))
}

/// What we need of a program header.
pub(super) struct Segment {
    pub(super) kind: ProgramType,
    /// Where it lies in the file, in bytes.
    pub(super) offset: u64,
    /// How many bytes of the file it has.
    pub(super) size: u64,
    /// Where it lies in the image, in bytes.
    pub(super) address: u64,
}

impl Source<'_> {
    /// The note segments' bytes, once every segment is inside the file.
    fn notes(&self, segments: &[Segment]) -> Result<Vec<Cow<'_, [u8]>>, LoadError> {
        let mut notes = Vec::new();
        let all = segments.iter().filter(|segment| segment.kind == elf::PT_NOTE).map(|segment| segment.size);
        self.check_size("the note segments", all.fold(0, u64::saturating_add))?;
        for Segment { kind, offset, size, .. } in segments {
            match *kind {
                elf::PT_NOTE => notes.push(self.read("a note segment", *offset, *size)?),
                elf::PT_LOAD => self.check_range("a loaded segment", *offset, *size)?,
                elf::PT_INTERP => self.check_range("the interpreter's name", *offset, *size)?,
                _ => self.check_range("the dynamic section", *offset, *size)?,
            }
        }
        Ok(notes)
    }

    /// The file header, once it is one for this very machine, and the program headers behind it.
    fn program_headers(&self) -> Result<Vec<Segment>, LoadError> {
        let head = self.read("the file's first bytes", 0, self.len.min(size_of::<Header>() as u64))?;
        let path = || self.path.to_owned();
        if head.get(..4) != Some(&elf::ELFMAG) {
            let found = match head.get(..head.len().min(8)) {
                Some([]) | None => "an empty file".to_owned(),
                Some(first) => format!("a file that begins with `{}`", first.escape_ascii()),
            };
            return Err(LoadError::NotElf { path: path(), found });
        }
        let class = head.get(4).copied().unwrap_or_default();
        let order = head.get(5).copied().unwrap_or_default();
        let truncated = || {
            let needs = size_of::<Header>() as u64;
            LoadError::Truncated { path: path(), what: "the ELF header", needs, has: self.len }
        };
        if head.len() < 6 {
            return Err(truncated());
        }
        let expected =
            class_name(if cfg!(target_pointer_width = "64") { elf::ELFCLASS64 } else { elf::ELFCLASS32 });
        if class_name(FileClass(class)) != expected {
            return Err(LoadError::WrongClass {
                path: path(),
                expected,
                found: class_name(FileClass(class)),
            });
        }
        let expected =
            order_name(if cfg!(target_endian = "big") { elf::ELFDATA2MSB } else { elf::ELFDATA2LSB });
        if order_name(elf::DataEncoding(order)) != expected {
            return Err(LoadError::WrongClass {
                path: path(),
                expected,
                found: order_name(elf::DataEncoding(order)),
            });
        }
        let Ok((header, _)) = pod::from_bytes::<Header>(&head) else { return Err(truncated()) };
        let endian = ENDIAN;
        let machine = header.e_machine(endian);
        if machine != host_machine() {
            let (expected, found) = (machine_name(host_machine()), machine_name(machine));
            return Err(LoadError::WrongArch { path: path(), expected, found });
        }
        let kind = header.e_type(endian);
        if kind != elf::ET_DYN {
            return Err(LoadError::NotShared { path: path(), found: type_name(kind) });
        }
        // Linkers write the section headers last: a file that lacks them was cut somewhere.
        let (offset, count) = (u64::from(header.e_shoff(endian)), u64::from(header.e_shnum(endian)));
        self.check_range("the section headers", offset, count * u64::from(header.e_shentsize(endian)))?;
        let (offset, count) = (u64::from(header.e_phoff(endian)), u64::from(header.e_phnum(endian)));
        let entry = size_of::<<Header as FileHeader>::ProgramHeader>();
        if usize::from(header.e_phentsize(endian)) != entry {
            let found = format!("an ELF file with program headers of {} bytes", header.e_phentsize(endian));
            return Err(LoadError::BadHeaders { path: path(), found });
        }
        if count > MOST_SEGMENTS {
            let found = format!("an ELF file with {count} program headers");
            return Err(LoadError::BadHeaders { path: path(), found });
        }
        let bytes = self.read("the program headers", offset, count * entry as u64)?;
        let headers = bytes.chunks_exact(entry).filter_map(|bytes| {
            let (header, _) = pod::from_bytes::<<Header as FileHeader>::ProgramHeader>(bytes).ok()?;
            let (offset, size) = (header.p_offset(endian).into(), header.p_filesz(endian).into());
            Some(Segment {
                kind: header.p_type(endian),
                offset,
                size,
                address: header.p_vaddr(endian).into(),
            })
        });
        Ok(headers
            .filter(|segment| {
                matches!(segment.kind, elf::PT_LOAD | elf::PT_NOTE | elf::PT_DYNAMIC | elf::PT_INTERP)
            })
            .collect())
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
