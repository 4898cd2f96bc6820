//! The symbols of a library: what it takes and what it offers.
//!
//! In: an ELF file. Out: names. It does not know which of them are right.

use std::collections::BTreeSet;

use object::elf;
use object::read::elf::{ElfFile, Sym as _, SymbolTable};

use super::cxx::Tag;
use super::dynamic::Header;
use super::text;
use super::versions::{Family, Versions};

/// How many bytes of names are read: a thousand symbols may all name one long text.
const MOST_NAMES: u64 = 64 << 20;

/// What linkers export of themselves.
const LINKERS: [&str; 6] = ["_init", "_fini", "__bss_start", "_edata", "_end", "__end__"];

/// A symbol that others may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Export {
    /// Its name.
    pub(crate) name: String,
    /// Another of its name may take its place without a word: inline functions, templates, std's runtime.
    pub(crate) weak: bool,
    /// The linker makes one of it for the whole process.
    pub(crate) unique: bool,
}

/// What the symbols say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Symbols {
    /// What it offers, by name.
    pub(crate) exports: Vec<Export>,
    /// What must be there when it is loaded, and has no version that would say where, by name.
    pub(crate) undefined: Vec<String>,
    /// The versions it needs.
    pub(crate) versions: Vec<Family>,
    /// The libraries whose symbols have versions.
    pub(crate) versioned: Vec<String>,
    /// Whether there is a table of symbols for debuggers.
    pub(crate) has_table: bool,
    /// The tags of C++'s binary interface in the names of every table.
    pub(crate) tags: BTreeSet<Tag>,
    /// Whether C++'s runtime is defined in the file.
    pub(crate) has_cxx_runtime: bool,
    /// The names claim more bytes than any linker writes.
    pub(crate) cut: bool,
}

impl Symbols {
    pub(super) fn read<Elf: Header>(file: &ElfFile<'_, Elf>) -> object::Result<Self> {
        let mut found = Self::default();
        let endian = file.endian();
        let versions = Versions::read(file)?;
        let mut needs = Vec::new();
        let mut budget = MOST_NAMES;
        let dynamic = file.elf_dynamic_symbol_table();
        for (index, symbol) in dynamic.enumerate() {
            let Some(name) = found.next_name(dynamic, endian, symbol, &mut budget) else { break };
            let (bind, undefined) = (symbol.st_bind(), symbol.is_undefined(endian));
            if name.is_empty() || bind == elf::STB_LOCAL {
                continue;
            }
            found.cxx(&name, undefined);
            if !undefined {
                let (weak, unique) = (bind == elf::STB_WEAK, bind == elf::STB_GNU_UNIQUE);
                // What names a version is not a symbol that anybody calls.
                if !LINKERS.contains(&name.as_str()) && symbol.st_shndx(endian) != elf::SHN_ABS {
                    found.exports.push(Export { name, weak, unique });
                }
            } else if let Some(version) = versions.of(index) {
                needs.push((version, name));
            } else if bind == elf::STB_GLOBAL {
                found.undefined.push(name);
            }
        }
        found.versions = versions.families(&needs);
        found.versioned = versions.libraries();
        let table = file.elf_symbol_table();
        found.has_table = !table.is_empty();
        for symbol in table.iter() {
            let Some(name) = found.next_name(table, endian, symbol, &mut budget) else { break };
            found.cxx(&name, symbol.is_undefined(endian));
        }
        found.exports.sort_by(|one, other| one.name.cmp(&other.name));
        found.exports.dedup();
        found.undefined.sort();
        Ok(found)
    }

    /// The name of a symbol, unless too much was read already. One that lies outside the table is empty.
    fn next_name<Elf: Header>(
        &mut self,
        table: &SymbolTable<'_, Elf>,
        endian: Elf::Endian,
        symbol: &Elf::Sym,
        budget: &mut u64,
    ) -> Option<String> {
        let name = table.symbol_name(endian, symbol).unwrap_or_default();
        let Some(rest) = budget.checked_sub(name.len() as u64) else {
            self.cut = true;
            return None;
        };
        *budget = rest;
        Some(text(name))
    }

    fn cxx(&mut self, name: &str, undefined: bool) {
        self.has_cxx_runtime |= !undefined && matches!(name, "__cxa_throw" | "__gxx_personality_v0");
        self.tags.extend(Tag::of(name));
    }
}
