//! What a built library is to a host that loads it: what it needs, what it brings, what will hurt.
//!
//! In: the bytes of ELF files, and their records. Out: facts, and problems with a level, a reason and a cure. It does not
//! know paths, terminals or contracts, and it runs nothing; the bytes are hostile until they are read.

mod cxx;
mod dynamic;
mod ebpf;
mod library;
mod problem;
mod rule;
mod rules;
mod symbols;
mod together;
mod versions;

pub(crate) use ebpf::object;
pub(crate) use library::{Library, Stack};
pub(crate) use problem::Problem;
pub(crate) use rule::{Level, Rule};
pub(crate) use rules::{damaged, examine};
pub(crate) use together::{Named, together};
pub(crate) use versions::Family;

/// Foreign bytes as text: what a terminal would obey is escaped.
pub(crate) fn text(bytes: &[u8]) -> String {
    let lossy = String::from_utf8_lossy(bytes);
    let escaped = lossy.chars().map(|letter| {
        if letter.is_control() { letter.escape_default().to_string() } else { letter.to_string() }
    });
    escaped.collect()
}
