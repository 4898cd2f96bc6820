//! The dynamic section: what a library asks of the dynamic linker.
//!
//! In: an ELF file. Out: names and flags. It does not look for the libraries that it names.

use object::Endianness;
use object::elf::{self, FileHeader32, FileHeader64};
use object::read::elf::{Dyn as _, ElfFile, FileHeader, ProgramHeader as _};

use super::text;

/// No linker writes as many names; a file that has more is damaged.
const MOST_NAMES: usize = 4096;

/// A C library, as far as names tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Libc {
    /// GNU's.
    Glibc,
    /// musl, which rustc and zig need as `libc.so` and Alpine as `libc.musl-x86_64.so.1`.
    Musl,
    /// None of these, or none at all.
    #[default]
    Neither,
}

impl Libc {
    /// As people call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Glibc => "glibc",
            Self::Musl => "musl",
            Self::Neither => "none",
        }
    }

    fn of(name: &str) -> Self {
        let name = name.rsplit('/').next().unwrap_or(name);
        if name == "libc.so.6" || name.starts_with("ld-linux") {
            Self::Glibc
        } else if name == "libc.so" || name.starts_with("libc.musl-") || name.starts_with("ld-musl-") {
            Self::Musl
        } else {
            Self::Neither
        }
    }
}

/// What the dynamic section says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dynamic {
    /// The libraries it needs, in order.
    pub(crate) needed: Vec<String>,
    /// The name that libraries linked against it will need.
    pub(crate) soname: Option<String>,
    /// Where its libraries are looked for: directories of `DT_RPATH`.
    pub(crate) rpath: Vec<String>,
    /// The same of `DT_RUNPATH`.
    pub(crate) runpath: Vec<String>,
    /// Its C library.
    pub(crate) libc: Libc,
    /// Code is written to while it is loaded.
    pub(crate) text_relocations: bool,
    /// Every symbol is bound when it is loaded.
    pub(crate) binds_now: bool,
    /// It is never unloaded.
    pub(crate) no_delete: bool,
    /// dlopen refuses it.
    pub(crate) no_open: bool,
    /// It is an executable that only looks like a library.
    pub(crate) executable: bool,
    /// Its thread-locals are in the block that exists when a thread starts.
    pub(crate) static_tls: bool,
}

/// An ELF file in either class.
pub(super) trait Header: FileHeader<Endian = Endianness> {}
impl Header for FileHeader32<Endianness> {}
impl Header for FileHeader64<Endianness> {}

impl Dynamic {
    pub(super) fn read<Elf: Header>(file: &ElfFile<'_, Elf>) -> object::Result<Self> {
        let (endian, data) = (file.endian(), file.data());
        // The linker goes by the segment; the strings are found by the section, which says how long they are.
        let strings = *file.elf_section_table().dynamic_table(endian, data)?.strings();
        let mut found = Self::default();
        let mut names = 0;
        for header in file.elf_program_headers() {
            for entry in header.dynamic(endian, data)?.unwrap_or_default() {
                let tag = entry.d_tag(endian);
                if tag == elf::DT_NULL {
                    break;
                }
                let value = entry.d_val(endian).into();
                found.flags(tag, value);
                if matches!(tag, elf::DT_NEEDED | elf::DT_SONAME | elf::DT_RPATH | elf::DT_RUNPATH) {
                    names += 1;
                    if names > MOST_NAMES {
                        break;
                    }
                    found.name(tag, &text(entry.string(endian, strings).unwrap_or_default()));
                }
            }
        }
        for header in file.elf_program_headers() {
            if let Some(interpreter) = header.interpreter(endian, data)? {
                found.libc(&text(interpreter));
            }
        }
        Ok(found)
    }

    fn flags(&mut self, tag: elf::DynamicTag, value: u64) {
        match tag {
            elf::DT_TEXTREL => self.text_relocations = true,
            elf::DT_BIND_NOW => self.binds_now = true,
            elf::DT_FLAGS => {
                self.text_relocations |= value & elf::DF_TEXTREL.0 != 0;
                self.binds_now |= value & elf::DF_BIND_NOW.0 != 0;
                self.static_tls |= value & elf::DF_STATIC_TLS.0 != 0;
            }
            elf::DT_FLAGS_1 => {
                self.binds_now |= value & elf::DF_1_NOW.0 != 0;
                self.no_delete |= value & elf::DF_1_NODELETE.0 != 0;
                self.no_open |= value & elf::DF_1_NOOPEN.0 != 0;
                self.executable |= value & elf::DF_1_PIE.0 != 0;
            }
            _ => {}
        }
    }

    fn name(&mut self, tag: elf::DynamicTag, name: &str) {
        let directories = || name.split(':').map(str::to_owned).collect();
        match tag {
            elf::DT_NEEDED => {
                self.libc(name);
                self.needed.push(name.to_owned());
            }
            elf::DT_SONAME => self.soname = Some(name.to_owned()),
            elf::DT_RPATH => self.rpath = directories(),
            _ => self.runpath = directories(),
        }
    }

    /// The first library that tells decides.
    fn libc(&mut self, name: &str) {
        if self.libc == Libc::Neither {
            self.libc = Libc::of(name);
        }
    }
}
