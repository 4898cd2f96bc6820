//! A derived type as a whole: its name, its form, its attributes.

use std::ops::Range;

use syn::Item;

use super::fields::{self, Owner};
use super::variants;
use crate::draft::{Draft, Mutant, mark};
use crate::parsed::{Derived, Parsed, args, range};

pub(super) fn mutate(parsed: &Parsed, ty: &Derived<'_>, all: &mut Vec<Mutant>) {
    let (concerns, ..) = parsed.flow(&ty.name);
    let (attrs, vis, ident) = match ty.item {
        Item::Struct(of) => (&of.attrs, range(&of.vis), range(&of.ident)),
        Item::Enum(of) => (&of.attrs, range(&of.vis), range(&of.ident)),
        _ => return,
    };
    let draft = |what: &str| Draft::new(parsed, format!("{}: {what}", ty.name)).concerns(&concerns);
    match ty.item {
        Item::Struct(of) => {
            let whole = ident.end..range(ty.item).end;
            let owner = Owner {
                parsed,
                ty: &ty.name,
                called: ty.name.clone(),
                word: ident.clone(),
                is_variant: false,
                concerns: concerns.clone(),
                whole: whole.clone(),
                end: ";",
            };
            fields::mutate(&owner, &of.fields, all);
            let form = draft("is an enum")
                .edit(vis.start..whole.end, format!("pub enum {} {{ Only }}", mark("PC102", &ty.name)));
            all.push(form.finish());
            all.push(draft("repr(C)").insert(vis.start, "#[repr(C)]\n").finish());
        }
        Item::Enum(of) => {
            variants::mutate(parsed, of, all);
            let repr = of.attrs.iter().find(|attr| attr.path().is_ident("repr")).map(range);
            let form = draft("is a struct").edit(
                vis.start..range(ty.item).end,
                format!("pub struct {} {{ pub only: u8 }}", mark("PC102", &ty.name)),
            );
            all.push(match repr {
                Some(at) => form.edit(at, "").finish(),
                None => form.finish(),
            });
        }
        _ => {}
    }
    let start = range(&attrs[0]).start;
    for text in ["/// A word.", "#[allow(dead_code)]", "#[cfg(unix)]", "#[cfg(not(windows))]"] {
        all.push(draft(&format!("gets {text}")).insert(start, format!("{text}\n")).finish());
    }
    for text in ["", "pub(crate)"] {
        all.push(draft(&format!("visibility `{text}`")).edit(vis.clone(), text).finish());
    }
    let derive = range(&attrs[0]);
    let backward = if parsed.slice(&derive).contains("Clone") {
        "#[derive(PluginType, Clone, Debug)]"
    } else {
        "#[derive(::plugin_contracts::PluginType)]"
    };
    all.push(draft("derives in another order").edit(derive.clone(), backward).finish());
    let split = parsed.slice(&derive).replace("PluginType)", ")") + " #[derive(PluginType)]";
    all.push(draft("derives apart").edit(derive, split).finish());
    modules(parsed, ty, all);
    renamed(parsed, &ty.name, &ident, all);
}

/// It moves into a module, and is still found under its name.
fn modules(parsed: &Parsed, ty: &Derived<'_>, all: &mut Vec<Mutant>) {
    let (at, name) = (range(ty.item), &ty.name);
    let moved =
        format!("pub mod inner {{\n    use super::*;\n    {}\n}}\npub use inner::{name};", parsed.slice(&at));
    all.push(Draft::new(parsed, format!("{name}: in a module")).edit(at, moved).finish());
}

/// Its name is part of what crosses: every place that names it is another type.
fn renamed(parsed: &Parsed, name: &str, ident: &Range<usize>, all: &mut Vec<Mutant>) {
    let with = |text: &str| replaced(text, name, "Renamed");
    let draft = Draft::new(parsed, format!("{name}: is renamed"));
    let mut draft = draft.concerns(&parsed.flow(name).0).edit(ident.clone(), "Renamed");
    let mut places = Vec::new();
    for method in parsed.methods() {
        places.extend(args(method.method).map(|(_, ty)| (range(ty), "PC003?")));
        if let syn::ReturnType::Type(_, ty) = &method.method.sig.output {
            places.push((range(ty), "PC005?"));
        }
    }
    for other in parsed.types() {
        let code = if other.name == name { "" } else { "PC102?" };
        match other.item {
            Item::Struct(of) => places.extend(of.fields.iter().map(|field| (range(&field.ty), code))),
            Item::Enum(of) => {
                let fields = of.variants.iter().flat_map(|variant| &variant.fields);
                places.extend(fields.map(|field| (range(&field.ty), code)));
            }
            _ => {}
        }
    }
    for (at, code) in places {
        let (old, new) = (parsed.slice(&at), with(parsed.slice(&at)));
        if old != new {
            draft = draft.edit(at, if code.is_empty() { new } else { mark(code, &new) });
        }
    }
    // An alias that names it stands for another type: that is for `alias` to try.
    let aliased = parsed.aliases.values().any(|target| with(target) != *target);
    if !aliased {
        all.push(draft.finish());
    }
}

/// The text with one word for another.
pub(super) fn replaced(text: &str, word: &str, other: &str) -> String {
    let (mut found, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(word) {
        let end = at + word.len();
        let is_part = |letter: Option<char>| letter.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let whole = !is_part(rest[..at].chars().next_back()) && !is_part(rest[end..].chars().next());
        found += &rest[..at];
        found += if whole { other } else { word };
        rest = &rest[end..];
    }
    found + rest
}
