//! One library: every fact that a host may want to know before it loads it.
//!
//! In: the bytes of an ELF file. Out: facts, or why they cannot be read. It does not judge them.

use object::elf::{self, FileHeader32, FileHeader64};
use object::read::elf::{ElfFile, ProgramHeader as _};
use object::{Architecture, Endianness, FileKind, Object as _, ObjectSection as _};

use super::cxx::Cxx;
use super::dynamic::{Dynamic, Header};
use super::symbols::Symbols;

/// What a library says of the stack.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Stack {
    /// Data only, as it should be.
    #[default]
    Plain,
    /// Code on it may run.
    Executable,
    /// Nothing: linkers of old wanted code there.
    Missing,
}

/// A library's facts.
#[derive(Clone, Debug)]
pub(crate) struct Library {
    /// As in `ELF, 64-bit, little-endian`.
    pub(crate) format: String,
    /// What the file is: `a shared object`, or what it is instead.
    pub(crate) kind: &'static str,
    /// Whether the dynamic linker can load it.
    pub(crate) is_shared: bool,
    /// The processor, as `object` names it.
    pub(crate) architecture: String,
    /// What it asks of the dynamic linker.
    pub(crate) dynamic: Dynamic,
    /// What it takes and offers.
    pub(crate) symbols: Symbols,
    /// Its C++.
    pub(crate) cxx: Option<Cxx>,
    /// What it says of the stack.
    pub(crate) stack: Stack,
    /// Some of it can be written and run.
    pub(crate) writable_code: bool,
    /// Its tables are read-only once they are filled.
    pub(crate) relro: bool,
    /// It has section headers: without them symbols are not found.
    pub(crate) has_sections: bool,
    /// It has debug information.
    pub(crate) has_debug: bool,
}

impl Library {
    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// It is no ELF file, or it lies.
    pub(crate) fn read(bytes: &[u8]) -> object::Result<Self> {
        match FileKind::parse(bytes)? {
            FileKind::Elf64 => Self::of::<FileHeader64<Endianness>>(bytes, "64-bit"),
            FileKind::Elf32 => Self::of::<FileHeader32<Endianness>>(bytes, "32-bit"),
            FileKind::Archive => Ok(Self::other("archive", "an archive (an rlib, or a static library)")),
            _ => Ok(Self::other("unknown", "a file of another system")),
        }
    }

    /// What cannot be loaded, and is not looked into.
    fn other(format: &str, kind: &'static str) -> Self {
        Self {
            format: format.to_owned(),
            kind,
            is_shared: false,
            architecture: "unknown".to_owned(),
            dynamic: Dynamic::default(),
            symbols: Symbols::default(),
            cxx: None,
            stack: Stack::Plain,
            writable_code: false,
            relro: false,
            has_sections: true,
            has_debug: false,
        }
    }

    fn of<Elf: Header>(bytes: &[u8], class: &str) -> object::Result<Self> {
        let file = ElfFile::<Elf>::parse(bytes)?;
        let (endian, header) = (file.endian(), file.elf_header());
        let order = if file.is_little_endian() { "little-endian" } else { "big-endian" };
        let kind = match header.e_type(endian) {
            elf::ET_DYN => "a shared object",
            elf::ET_REL => "an object file",
            elf::ET_EXEC => "an executable",
            elf::ET_CORE => "a core dump",
            _ => "a file of an unknown type",
        };
        let dynamic = Dynamic::read(&file)?;
        let symbols = Symbols::read(&file)?;
        let constants = || {
            let sections = file.sections().filter(|section| section.name() == Ok(".rodata"));
            sections.filter_map(|section| section.data().ok()).collect()
        };
        let cxx = Cxx::of(&dynamic, &symbols, constants);
        let mut library = Self {
            format: format!("ELF, {class}, {order}"),
            kind: if dynamic.executable { "an executable (position-independent)" } else { kind },
            is_shared: header.e_type(endian) == elf::ET_DYN && !dynamic.executable,
            architecture: architecture(&file, header.e_machine(endian)),
            dynamic,
            symbols,
            cxx,
            stack: Stack::Missing,
            writable_code: false,
            relro: false,
            has_sections: !file.elf_section_table().is_empty(),
            has_debug: file.sections().any(|section| section.name() == Ok(".debug_info")),
        };
        for segment in file.elf_program_headers() {
            let flags = segment.p_flags(endian);
            let runs = flags.contains(elf::PF_X);
            match segment.p_type(endian) {
                elf::PT_GNU_STACK => library.stack = if runs { Stack::Executable } else { Stack::Plain },
                elf::PT_GNU_RELRO => library.relro = true,
                elf::PT_LOAD => library.writable_code |= runs && flags.contains(elf::PF_W),
                _ => {}
            }
        }
        Ok(library)
    }
}

fn architecture<Elf: Header>(file: &ElfFile<'_, Elf>, machine: elf::Machine) -> String {
    match file.architecture() {
        Architecture::X86_64 => "x86-64".to_owned(),
        Architecture::Aarch64 => "AArch64".to_owned(),
        Architecture::I386 => "x86".to_owned(),
        Architecture::Arm => "ARM".to_owned(),
        Architecture::Riscv64 | Architecture::Riscv32 => "RISC-V".to_owned(),
        Architecture::Bpf => "eBPF".to_owned(),
        Architecture::Unknown => format!("ELF machine {}", machine.0),
        other => format!("{other:?}"),
    }
}
