//! Versions of symbols: which release of a library is the oldest that has what is needed (LSB, "Symbol Versioning").
//!
//! In: the section `.gnu.version_r` and the symbols. Out: for each family, as `GLIBC`, the highest version, and by which
//! symbols. It does not know which release of a system has which version.

use std::collections::BTreeMap;

use object::read::elf::{ElfFile, SectionHeader as _};
use object::{SymbolIndex, elf};

use super::dynamic::Header;
use super::text;

/// How many versions a library may need. Each entry may be in as many chains as there are heads: the product is bounded,
/// not the section.
const MOST_VERSIONS: usize = 4096;

/// A family of versions, and the highest that is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Family {
    /// As in `GLIBC`.
    pub(crate) name: String,
    /// The library that has it.
    pub(crate) library: String,
    /// As in `2.34`; `PRIVATE` for what is nobody else's business.
    pub(crate) version: String,
    /// The symbols that need it, in order.
    pub(crate) symbols: Vec<String>,
}

/// Which version each symbol has.
#[derive(Debug, Default)]
pub(super) struct Versions<'data, Elf: Header> {
    /// By index: the library and the version.
    needed: BTreeMap<u16, (String, String)>,
    symbols: &'data [elf::Versym<Elf::Endian>],
    endian: Elf::Endian,
}

impl<'data, Elf: Header> Versions<'data, Elf> {
    pub(super) fn read(file: &ElfFile<'data, Elf>) -> object::Result<Self> {
        let (endian, data, sections) = (file.endian(), file.data(), file.elf_section_table());
        let symbols = sections.gnu_versym(endian, data)?.map_or(&[][..], |(symbols, _)| symbols);
        let mut needed = BTreeMap::new();
        let mut seen = 0;
        for section in sections.iter() {
            let Some((mut heads, link)) = section.gnu_verneed(endian, data)? else { continue };
            let strings = sections.strings(endian, data, link)?;
            while let Some((head, mut entries)) = heads.next()? {
                let library = text(head.file(endian, strings)?);
                while let Some(entry) = entries.next()? {
                    seen += 1;
                    if seen > MOST_VERSIONS {
                        return Ok(Self { needed, symbols, endian });
                    }
                    let name = text(entry.name(endian, strings)?);
                    needed.insert(entry.vna_other(endian).index().0, (library.clone(), name));
                }
            }
        }
        Ok(Self { needed, symbols, endian })
    }

    /// The index of a symbol's version; nothing for one without a version.
    pub(super) fn of(&self, symbol: SymbolIndex) -> Option<u16> {
        let index = self.symbols.get(symbol.0)?.0.get(self.endian).index();
        (!index.is_special()).then_some(index.0)
    }

    /// The libraries that have versions.
    pub(super) fn libraries(&self) -> Vec<String> {
        let mut libraries: Vec<_> = self.needed.values().map(|(library, _)| library.clone()).collect();
        libraries.sort();
        libraries.dedup();
        libraries
    }

    /// The highest of each family, with the symbols that need it.
    pub(super) fn families(&self, symbols: &[(u16, String)]) -> Vec<Family> {
        let mut families: BTreeMap<&str, (Vec<u64>, u16)> = BTreeMap::new();
        for (index, (_, version)) in &self.needed {
            let (family, number) = parts(version);
            let number = numbers(number);
            let highest = families.entry(family).or_insert((number.clone(), *index));
            if number > highest.0 {
                *highest = (number, *index);
            }
        }
        let family = |(name, (_, index)): (&str, (Vec<u64>, u16))| {
            let (library, version) = self.needed.get(&index)?;
            let mut symbols: Vec<_> =
                symbols.iter().filter(|(of, _)| *of == index).map(|(_, name)| name.clone()).collect();
            symbols.sort();
            let version = parts(version).1.to_owned();
            Some(Family { name: name.to_owned(), library: library.clone(), version, symbols })
        };
        families.into_iter().filter_map(family).collect()
    }
}

/// `GLIBC_2.34` is the family `GLIBC` and the number `2.34`.
fn parts(version: &str) -> (&str, &str) {
    version.rsplit_once('_').unwrap_or((version, ""))
}

/// What is no number is higher than any: `PRIVATE` is for one release alone.
pub(super) fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map(|part| part.parse().unwrap_or(u64::MAX)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers_and_not_words() {
        assert!(numbers("2.34") > numbers("2.4"));
        assert!(numbers("2.2.5") > numbers("2.2"));
        assert!(numbers("PRIVATE") > numbers("2.99"));
        assert_eq!(parts("GLIBC_2.34"), ("GLIBC", "2.34"));
        assert_eq!(parts("GLIBC_ABI_DT_RELR"), ("GLIBC_ABI_DT", "RELR"));
        assert_eq!(parts("odd"), ("odd", ""));
    }
}
