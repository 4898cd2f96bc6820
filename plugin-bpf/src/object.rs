//! An object file: its programs, and its types.
//!
//! In: the bytes of a file, taken as hostile. Out: an [`Object`], or why it is none. It does not know contracts.

use object::elf::{EM_BPF, FileHeader64, STT_FUNC, STT_OBJECT};
use object::endian::Endianness;
use object::read::elf::{FileHeader, ProgramHeader as _, SectionHeader as _, Sym as _};
use thiserror::Error;

use crate::btf::Btf;

/// Why a file is no object that could be compared.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ObjectError {
    /// It has more bytes than any object.
    #[error(
        "expected an eBPF object of at most {most} bytes, found {found}\n  compile one source file, without what a linker adds"
    )]
    TooLarge {
        /// Its size in bytes.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// It is no ELF file, or one that lies about itself.
    #[error(
        "expected an eBPF object, found {found}\n  compile the source with `clang -g -O2 -target bpf -c`"
    )]
    NotElf {
        /// What it is.
        found: String,
    },
    /// It is an ELF file for another machine.
    #[error(
        "expected an eBPF object, found an ELF file for machine {machine}\n  compile the source with `clang -g -O2 -target bpf -c`"
    )]
    OtherMachine {
        /// `e_machine`.
        machine: u16,
    },
    /// It is in another byte order.
    #[error(
        "expected an eBPF object in little endian, found one in big endian\n  compile it on this machine, or with `-target bpfel`"
    )]
    BigEndian,
    /// It has no types.
    #[error(
        "the object has no BTF, so nobody can tell what its programs take the bytes for\n  compile it with `-g`, and do not strip it (`llvm-strip -g` keeps BTF)"
    )]
    NoBtf,
    /// Its types cannot be read.
    #[error(
        "the object's BTF cannot be read: {why}\n  compile the source again with Debian's `clang`, version 14 or later"
    )]
    BadBtf {
        /// What is wrong.
        why: &'static str,
    },
}

/// An eBPF object.
#[derive(Debug)]
pub struct Object {
    programs: Vec<Program>,
    variables: Vec<Variable>,
    license: Option<String>,
    pub(crate) btf: Btf,
}

/// A program of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The function's name.
    pub name: String,
    /// The section it stands in.
    pub section: String,
}

/// A variable of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// The section it stands in: `.rodata`.
    pub section: String,
    /// Where it begins there, in bytes.
    pub offset: u64,
}

impl Object {
    /// How many bytes an object may have. None comes near: the kernel takes a million instructions a program, eight bytes each.
    pub const LARGEST: usize = 64 << 20;

    /// Reads a file.
    ///
    /// # Errors
    /// [`ObjectError`]: it is no eBPF object, or says nothing of its types.
    pub fn parse(bytes: &[u8]) -> Result<Self, ObjectError> {
        if bytes.len() > Self::LARGEST {
            return Err(ObjectError::TooLarge { found: bytes.len(), most: Self::LARGEST });
        }
        let bad = |found: String| ObjectError::NotElf { found };
        let header = FileHeader64::<Endianness>::parse(bytes).map_err(|_| bad(first_bytes(bytes)))?;
        let endian = header.endian().map_err(|error| bad(error.to_string()))?;
        let machine = header.e_machine(endian);
        if machine != EM_BPF {
            return Err(ObjectError::OtherMachine { machine: machine.0 });
        }
        if endian == Endianness::Big {
            return Err(ObjectError::BigEndian);
        }
        if header
            .program_headers(endian, bytes)
            .is_ok_and(|all| all.iter().any(|one| one.p_filesz(endian) > 0))
        {
            return Err(bad("a linked eBPF program".to_owned()));
        }
        let damaged = |error: object::read::Error| bad(format!("a damaged one: {error}"));
        let sections = header.sections(endian, bytes).map_err(damaged)?;
        let symbols = sections.symbols(endian, bytes, object::elf::SHT_SYMTAB).map_err(damaged)?;
        let (mut programs, mut variables) = (Vec::new(), Vec::new());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        for symbol in symbols.iter().filter(|symbol| matches!(symbol.st_type(), STT_FUNC | STT_OBJECT)) {
            // Those that are declared and not here have no section.
            let place = symbol.st_shndx(endian).0;
            if place == 0 || place >= object::elf::SHN_LORESERVE {
                continue;
            }
            let name = text(symbols.symbol_name(endian, symbol).map_err(damaged)?);
            let section = sections.section(object::SectionIndex(place.into())).map_err(damaged)?;
            let section = text(sections.section_name(endian, section).map_err(damaged)?);
            if symbol.st_type() == STT_OBJECT {
                variables.push(Variable { name, section, offset: symbol.st_value(endian) });
            } else if section != ".text" {
                // Functions that programs call stand in `.text`.
                programs.push(Program { name, section });
            }
        }
        let (_, section) = sections.section_by_name(endian, b".BTF").ok_or(ObjectError::NoBtf)?;
        let btf = section.data(endian, bytes).map_err(damaged)?;
        let btf = Btf::parse(btf).map_err(|why| ObjectError::BadBtf { why })?;
        let license = sections.section_by_name(endian, b"license");
        let license = license.and_then(|(_, section)| section.data(endian, bytes).ok());
        let license = license.map(|bytes| text(bytes.split(|byte| *byte == 0).next().unwrap_or_default()));
        Ok(Self { programs, variables, license: license.filter(|license| !license.is_empty()), btf })
    }

    /// An object of nothing but types: those of a map.
    pub(crate) fn of_types(btf: &[u8]) -> Result<Self, &'static str> {
        Ok(Self { programs: Vec::new(), variables: Vec::new(), license: None, btf: Btf::parse(btf)? })
    }

    /// Whether these bytes begin an ELF file for eBPF, whatever else it is.
    #[must_use]
    pub fn is_one(bytes: &[u8]) -> bool {
        let machine = |bytes: [u8; 2]| {
            if bytes_are_big(&bytes) { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
        };
        let elf = bytes.starts_with(b"\x7fELF");
        elf && bytes
            .get(18..20)
            .and_then(|found| found.try_into().ok())
            .is_some_and(|found| machine(found) == EM_BPF.0)
    }

    /// The variable of this name.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.name == name)
    }

    /// Its variables: maps stand in `.maps`, constants in `.rodata`.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// What its programs say of their licence: some helpers of the kernel's are for the GPL's only.
    #[must_use]
    pub fn license(&self) -> Option<&str> {
        self.license.as_deref()
    }

    /// Its programs.
    #[must_use]
    pub fn programs(&self) -> &[Program] {
        &self.programs
    }
}

/// Whether the machine's number, 247, stands in big endian.
fn bytes_are_big(bytes: &[u8; 2]) -> bool {
    bytes[0] == 0
}

fn first_bytes(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "an empty file".to_owned();
    }
    format!("a file that begins with `{}`", bytes[..bytes.len().min(8)].escape_ascii())
}
