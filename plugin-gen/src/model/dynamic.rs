//! What a shared object asks of the dynamic linker.

use object::elf::{self, FileHeader32, FileHeader64};
use object::read::elf::{Dyn, ElfFile, FileHeader};
use object::{Endianness, FileKind, Object, ObjectSymbol};

use super::ReadError;

/// A library's machine, what it needs and what it offers.
#[derive(Debug, Default)]
pub(crate) struct Dynamic {
    /// The processor, as `object` names it.
    pub(crate) architecture: String,
    /// The libraries it needs (`DT_NEEDED`), in order.
    pub(crate) needed: Vec<String>,
    /// The symbols it exports, in order.
    pub(crate) exports: Vec<String>,
}

impl Dynamic {
    /// Reads a file's bytes; an archive or an object file asks for nothing.
    ///
    /// # Errors
    /// They lie.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        match FileKind::parse(bytes).map_err(ReadError::Format)? {
            FileKind::Elf64 => Self::of_elf::<FileHeader64<Endianness>>(bytes).map_err(ReadError::Format),
            FileKind::Elf32 => Self::of_elf::<FileHeader32<Endianness>>(bytes).map_err(ReadError::Format),
            _ => Ok(Self { architecture: "archive".to_owned(), ..Self::default() }),
        }
    }

    /// Whether it is a mock, which a test programs.
    pub(crate) fn is_mock(&self) -> bool {
        self.exports.iter().any(|name| name.starts_with(plugin_abi::name::MOCK_PREFIX))
    }

    fn of_elf<Elf: FileHeader<Endian = Endianness>>(bytes: &[u8]) -> object::Result<Self> {
        let file = ElfFile::<Elf>::parse(bytes)?;
        let endian = file.endian();
        let mut needed = Vec::new();
        let sections = file.elf_section_table();
        if let Some((entries, link)) = sections.dynamic(endian, bytes)? {
            let strings = sections.strings(endian, bytes, link)?;
            for entry in entries {
                if entry.d_tag(endian) == elf::DT_NEEDED {
                    needed.push(String::from_utf8_lossy(entry.string(endian, strings)?).into_owned());
                }
            }
        }
        let mut exports: Vec<String> = file
            .dynamic_symbols()
            .filter(|symbol| symbol.is_definition() && symbol.is_global())
            .filter_map(|symbol| symbol.name().ok().map(str::to_owned))
            .collect();
        exports.sort();
        Ok(Self { architecture: format!("{:?}", file.architecture()), needed, exports })
    }
}
