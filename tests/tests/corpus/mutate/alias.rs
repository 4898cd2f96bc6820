//! Aliases: the words stay, and what they mean changes, or the reverse.

use std::ops::Range;

use syn::{Item, ReturnType};

use super::derived::replaced;
use crate::draft::{Draft, Mutant};
use crate::parsed::{Parsed, args, range};

pub(super) fn mutate(parsed: &Parsed, all: &mut Vec<Mutant>) {
    for item in &parsed.file.items {
        let Item::Type(alias) = item else { continue };
        let (name, target) = (alias.ident.to_string(), parsed.text(&alias.ty));
        let draft = |what: &str| Draft::new(parsed, format!("type {name}: {what}"));
        for new in ["u8", "i64", "u128", "f64", "u16", "String", "Vec<bool>", "Option<u32>"] {
            let number = !new.contains(char::is_uppercase);
            if parsed.meaning(new) == parsed.meaning(&name) || (!number && is_lent(parsed, &name)) {
                continue;
            }
            let other = draft(&format!("is {new}")).edit(range(&alias.ty), new);
            all.push(told(parsed, &name, other).finish());
            let there = format!(
                "#[cfg(windows)]\npub type {name} = {target};\n#[cfg(not(windows))]\npub type {name} = {new};"
            );
            let other = draft(&format!("is {new} here")).edit(range(alias), there);
            all.push(told(parsed, &name, other).finish());
        }
        let elsewhere =
            format!("#[cfg(unix)]\npub type {name} = {target};\n#[cfg(not(unix))]\npub type {name} = i16;");
        all.push(draft("is another elsewhere").edit(range(alias), elsewhere).finish());
        all.push(draft("in parentheses").edit(range(&alias.ty), format!("({target})")).finish());
        let chain = format!("pub type {name} = Before;\npub type Before = {target};");
        all.push(draft("through another").edit(range(alias), chain).finish());
        all.push(draft("is private").edit(range(&alias.vis), "").finish());
        let rename = |to: &str, draft| rewritten(parsed, &name, to, draft);
        all.push(rename("Renamed", draft("is renamed").edit(range(&alias.ident), "Renamed")).finish());
        all.push(rename(target, draft("is written out")).finish());
        all.push(rename(target, draft("is written out and gone").edit(range(alias), "")).finish());
    }
}

/// Whether it is lent in a slice: those hold numbers.
fn is_lent(parsed: &Parsed, name: &str) -> bool {
    parsed.base.text.contains(&format!("&[{name}]"))
}

/// Whose type it is.
#[derive(Clone, PartialEq, Eq)]
enum Whose {
    Contract(usize),
    Derived(String),
    Alias,
}

/// Every type that is written in the source.
fn places(parsed: &Parsed) -> Vec<(Range<usize>, Whose)> {
    let mut places = Vec::new();
    for method in parsed.methods() {
        places.extend(args(method.method).map(|(_, ty)| (range(ty), Whose::Contract(method.contract))));
        if let ReturnType::Type(_, ty) = &method.method.sig.output {
            places.push((range(ty), Whose::Contract(method.contract)));
        }
    }
    for item in &parsed.file.items {
        match item {
            Item::Struct(of) => {
                let whose = Whose::Derived(of.ident.to_string());
                places.extend(of.fields.iter().map(|field| (range(&field.ty), whose.clone())));
            }
            Item::Enum(of) => {
                let fields = of.variants.iter().flat_map(|variant| &variant.fields);
                let whose = Whose::Derived(of.ident.to_string());
                places.extend(fields.map(|field| (range(&field.ty), whose.clone())));
            }
            Item::Type(alias) => places.push((range(&alias.ty), Whose::Alias)),
            _ => {}
        }
    }
    places
}

/// Marks who speaks of an alias that changed: in each type and each contract the first that names it. An alias that is
/// made of another is another name.
fn told<'a>(parsed: &'a Parsed, name: &str, mut draft: Draft<'a>) -> Draft<'a> {
    let names = naming(parsed, name);
    let mut told: Vec<(&str, Whose)> = Vec::new();
    for (at, of) in places(parsed) {
        let text = parsed.slice(&at);
        let named: Vec<_> = names.iter().filter(|name| replaced(text, name, "") != text).collect();
        if named.is_empty() || of == Whose::Alias {
            continue;
        }
        let said = named.iter().any(|name| told.contains(&(name.as_str(), of.clone())));
        told.extend(named.iter().map(|name| (name.as_str(), of.clone())));
        let contracts = match &of {
            Whose::Contract(contract) => vec![*contract],
            Whose::Derived(ty) => parsed.flow(ty).0,
            Whose::Alias => Vec::new(),
        };
        draft = draft.concerns(&contracts);
        if !said {
            draft = draft.mark(if matches!(of, Whose::Contract(_)) { "PC108?" } else { "PC102?" }, at);
        }
    }
    draft
}

/// The alias and those that are made of it.
fn naming(parsed: &Parsed, name: &str) -> Vec<String> {
    let mut names = vec![name.to_owned()];
    for (other, target) in &parsed.aliases {
        if replaced(target, name, "") != *target {
            names.push(other.clone());
        }
    }
    names
}

/// Every use of a name written otherwise.
fn rewritten<'a>(parsed: &'a Parsed, name: &str, to: &str, mut draft: Draft<'a>) -> Draft<'a> {
    for (at, _) in places(parsed) {
        let new = replaced(parsed.slice(&at), name, to);
        if new != parsed.slice(&at) {
            draft = draft.edit(at, new);
        }
    }
    draft
}
