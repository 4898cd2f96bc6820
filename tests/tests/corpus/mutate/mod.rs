//! Every single mutation of every element of the bases, each with what it must lead to.
//!
//! In: parsed bases. Out: mutants. What is expected follows from the mutation: which rule, at which word, and whether
//! words can tell.

mod alias;
mod contract;
mod derived;
mod fields;
mod method;
mod refused;
mod signature;
mod source;
mod variants;

use crate::bases::BASES;
use crate::draft::{Mutant, mark};
use crate::parsed::{Parsed, Tree};

/// All of them, base by base, always the same.
pub(crate) fn all() -> Vec<Mutant> {
    let mut all = Vec::new();
    for (number, base) in BASES.iter().enumerate() {
        let parsed = Parsed::new(number, base);
        contract::mutate(&parsed, &mut all);
        for method in parsed.methods() {
            method::mutate(&parsed, &method, &mut all);
            signature::mutate(&parsed, &method, &mut all);
        }
        for ty in parsed.types() {
            derived::mutate(&parsed, &ty, &mut all);
        }
        alias::mutate(&parsed, &mut all);
        source::mutate(&parsed, &mut all);
        refused::mutate(&parsed, &mut all);
    }
    all
}

/// Where a type stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands<'a> {
    Argument,
    Result,
    /// In the type of this name.
    Field(&'a str),
}

/// A type in place of another, with the mark that it must get. Under a `#[cfg]` words prove nothing.
fn retyped(parsed: &Parsed, code: &str, old: &str, new: &str, under_cfg: bool) -> String {
    if parsed.meaning(old) == parsed.meaning(new) {
        return new.to_owned();
    }
    if !under_cfg && parsed.meaning(old).surely_differs(&Tree::of(new)) {
        return mark(code, new);
    }
    mark(&format!("{code}?"), new)
}

/// What could stand instead of a type, with the same meaning or another.
fn instead_of(parsed: &Parsed, old: &str, stands: Stands<'_>) -> Vec<String> {
    let meaning = parsed.meaning(old);
    let mut found: Vec<String> = [
        "u8",
        "u16",
        "i32",
        "u64",
        "i128",
        "usize",
        "f64",
        "bool",
        "char",
        "String",
        "Vec<u8>",
        "Vec<String>",
    ]
    .map(str::to_owned)
    .into();
    if stands == Stands::Argument {
        found.extend(["&str", "&[u8]", "&[i16]"].map(str::to_owned));
    } else {
        found.extend(["Option<u8>", "Result<(), String>"].map(str::to_owned));
    }
    if !old.contains('&') && old != "()" {
        found.extend([format!("Option<{old}>"), format!("Vec<{old}>"), format!("Result<{old}, String>")]);
        found.push(format!("({old})"));
    }
    for head in ["Option", "Vec", "Result"] {
        found.extend(meaning.inside(head).map(ToString::to_string));
    }
    if let Some(error) = old.strip_prefix("Result<").and_then(|inside| inside.split_once(", ")) {
        found.push(format!("Result<Vec<i8>, {}", error.1));
        found.push(format!("Result<{}, u8>", error.0));
    }
    // The path of what is std's, and aliases and types of the same source.
    found.extend(with_path(old));
    found.push(meaning.to_string());
    let names: Vec<_> = parsed.aliases.keys().cloned().chain(parsed.types().map(|ty| ty.name)).collect();
    found.extend(names.last().map(|name| format!("Vec<{name}>")));
    found.extend(names);
    if let Stands::Field(owner) = stands {
        // By value a type cannot contain itself.
        found.retain(|ty| !parsed.reaches(ty, owner));
    }
    // Nothing is another matter: then there is no word to point at.
    let mut seen = vec![old.to_owned(), "()".to_owned()];
    found.retain(|ty| !seen.contains(ty) && (seen.push(ty.clone()), true).1);
    found
}

/// The type with the path of its outermost word, if that is std's.
fn with_path(ty: &str) -> Option<String> {
    let head = ty.split('<').next().unwrap_or(ty);
    let path = match head {
        "Vec" => "std::vec::",
        "Option" => "::core::option::",
        "Result" => "std::result::",
        "String" => "::std::string::",
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i64" | "f32" | "f64"
        | "bool" | "char" => "::core::primitive::",
        _ => return None,
    };
    Some(format!("{path}{ty}"))
}
