//! Where an object's source says what the object has: the lines of structs, their members, variables and functions.
//!
//! In: the bytes of an object, taken as hostile. Out: the places that its DWARF tells, as far as it can be read; none where there is
//! none. BTF has lines of programs only, and libbpf looks at no DWARF, so that it may lie: nothing is compared by it.
//!
//! Source: "DWARF Debugging Information Format", version 5. clang writes relocations with the addends in place, and sections of an
//! object begin at 0: so they are read as they are.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gimli::{AttributeValue, EndianSlice, LittleEndian, Unit};
use object::elf::FileHeader64;
use object::endian::Endianness;
use object::read::elf::{FileHeader as _, SectionHeader as _};

use crate::rule::{Place, Subject};

/// How many entries are looked at. An object with `vmlinux.h` has a hundred thousand.
const MOST: usize = 1 << 20;

/// The places of what a source declares.
#[derive(Debug, Default)]
pub struct Lines {
    /// By name, and for members by theirs; else that is empty.
    places: BTreeMap<(String, String), Place>,
}

type Slice<'a> = EndianSlice<'a, LittleEndian>;
type Dwarf<'a> = gimli::Dwarf<Slice<'a>>;

impl Lines {
    /// What an object tells. One that is damaged tells less.
    #[must_use]
    pub fn of(object: &[u8]) -> Self {
        let mut lines = Self::default();
        // Whatever cannot be read ends it: a difference without its line is a difference.
        let _ = lines.read(object);
        lines
    }

    /// The place of what a difference is about: of the member if it is there, else of what it is in.
    #[must_use]
    pub fn find(&self, subject: &Subject) -> Option<&Place> {
        let of = |part: &str| self.places.get(&(subject.c.clone(), part.to_owned()));
        subject.c_part.as_deref().and_then(of).or_else(|| of(""))
    }

    fn read(&mut self, object: &[u8]) -> Option<()> {
        let header = FileHeader64::<Endianness>::parse(object).ok()?;
        let endian = header.endian().ok()?;
        let sections = header.sections(endian, object).ok()?;
        let load = |id: gimli::SectionId| {
            let found = sections.section_by_name(endian, id.name().as_bytes());
            let bytes = found.and_then(|(_, section)| section.data(endian, object).ok());
            Ok::<_, gimli::Error>(EndianSlice::new(bytes.unwrap_or(&[]), LittleEndian))
        };
        let dwarf = Dwarf::load(load).ok()?;
        let (mut units, mut left) = (dwarf.units(), MOST);
        while let Some(header) = units.next().ok()? {
            let unit = dwarf.unit(header).ok()?;
            self.unit(&dwarf, &unit, &mut left)?;
        }
        Some(())
    }

    fn unit(&mut self, dwarf: &Dwarf<'_>, unit: &Unit<Slice<'_>>, left: &mut usize) -> Option<()> {
        let mut files = BTreeMap::new();
        // The structs that an entry lies in, each with its depth: members of one without a name are those of the one around it.
        let mut within: Vec<(isize, String)> = Vec::new();
        let mut entries = unit.entries();
        while let Some(entry) = entries.next_dfs().ok()? {
            *left = left.checked_sub(1)?;
            let depth = entry.depth();
            while within.last().is_some_and(|(outer, _)| *outer >= depth) {
                within.pop();
            }
            let tag = entry.tag();
            let name = entry.attr_value(gimli::DW_AT_name).and_then(|name| text(dwarf, unit, name));
            let key = match (tag, name) {
                (gimli::DW_TAG_structure_type | gimli::DW_TAG_union_type, name) => {
                    let outer = within.last().map(|(_, outer)| outer.clone());
                    let named = name.clone().or(outer).unwrap_or_default();
                    within.push((depth, named));
                    name.map(|name| (name, String::new()))
                }
                (gimli::DW_TAG_member, Some(name)) => within
                    .last()
                    .map(|(_, outer)| (outer.clone(), name))
                    .filter(|(outer, _)| !outer.is_empty()),
                // Those of functions lie deeper.
                (gimli::DW_TAG_variable | gimli::DW_TAG_subprogram, Some(name)) if depth == 1 => {
                    Some((name, String::new()))
                }
                _ => None,
            };
            let number = |name| entry.attr_value(name).and_then(|value| value.udata_value());
            let file = match entry.attr_value(gimli::DW_AT_decl_file) {
                Some(AttributeValue::FileIndex(file)) => Some(file),
                other => other.and_then(|value| value.udata_value()),
            };
            let (Some(key), Some(file), Some(line)) = (key, file, number(gimli::DW_AT_decl_line)) else {
                continue;
            };
            let file = files.entry(file).or_insert_with(|| path(dwarf, unit, file)).clone();
            if let (Some(file), Ok(line)) = (file, usize::try_from(line)) {
                // A function is declared by the header, and defined by the source: that comes later.
                self.places.insert(key, Place { file, line });
            }
        }
        Some(())
    }
}

fn text(dwarf: &Dwarf<'_>, unit: &Unit<Slice<'_>>, value: AttributeValue<Slice<'_>>) -> Option<String> {
    let text = dwarf.attr_string(unit, value).ok()?;
    Some(text.to_string_lossy().into_owned())
}

/// The path of a file, as clang was told it.
fn path(dwarf: &Dwarf<'_>, unit: &Unit<Slice<'_>>, file: u64) -> Option<PathBuf> {
    let header = unit.line_program.as_ref()?.header();
    let file = header.file(file)?;
    let name = text(dwarf, unit, file.path_name())?;
    let directory = file.directory(header).and_then(|directory| text(dwarf, unit, directory));
    Some(PathBuf::from(directory.unwrap_or_default()).join(name))
}
