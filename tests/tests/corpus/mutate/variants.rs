//! Variants of an enum: what they are called, in which order they stand, and their numbers.

use syn::ItemEnum;

use super::fields::{self, Owner};
use crate::draft::{Draft, Mutant, mark};
use crate::parsed::{Parsed, range};

/// One variant, as written.
#[derive(Clone)]
struct One {
    name: String,
    /// Its fields, with their braces or parentheses.
    fields: String,
    /// Its number, when it is written.
    number: Option<String>,
}

pub(super) fn mutate(parsed: &Parsed, found: &ItemEnum, all: &mut Vec<Mutant>) {
    let name = found.ident.to_string();
    let (concerns, taken, returned) = parsed.flow(&name);
    let read = |variant: &syn::Variant| One {
        name: variant.ident.to_string(),
        fields: parsed.text(&variant.fields).to_owned(),
        number: variant.discriminant.as_ref().map(|(_, number)| parsed.text(number).to_owned()),
    };
    let old: Vec<_> = found.variants.iter().map(read).collect();
    let added = if taken && !returned { "PC105" } else { "PC104" };
    let of = Of { parsed, found, concerns: &concerns, old, added };
    of.lists(all);
    of.numbers(all);
    of.cfgs(all);
    for variant in &found.variants {
        let word = range(&variant.ident);
        let number =
            variant.discriminant.as_ref().map_or(range(variant).end, |(equals, _)| range(equals).start);
        let end = if variant.fields.is_empty() { word.end } else { range(&variant.fields).end };
        let owner = Owner {
            parsed,
            ty: &name,
            called: format!("{name}::{}", variant.ident),
            whole: word.end..end,
            word,
            is_variant: true,
            concerns: concerns.clone(),
            end: if number > end { " " } else { "" },
        };
        fields::mutate(&owner, &variant.fields, all);
        all.push(of.draft("a word").insert(range(variant).start, "/// A word.\n").finish());
    }
}

struct Of<'a> {
    parsed: &'a Parsed,
    found: &'a ItemEnum,
    concerns: &'a [usize],
    old: Vec<One>,
    /// What it is to add a variant.
    added: &'a str,
}

impl Of<'_> {
    fn draft(&self, what: &str) -> Draft<'_> {
        Draft::new(self.parsed, format!("{}: {what}", self.found.ident)).concerns(self.concerns)
    }

    /// The numbers that rustc gives. What is written is a number in one form or another, or a sum.
    fn numbered(variants: &[One]) -> Vec<(String, i64)> {
        let value = |text: &str| -> i64 {
            let one = |part: &str| {
                let part = part.trim().replace(['_', '(', ')'], "");
                match part.strip_prefix("0x") {
                    Some(digits) => i64::from_str_radix(digits, 16).expect("a number"),
                    None => part.parse().expect("a number"),
                }
            };
            text.split('+').map(one).sum()
        };
        let mut next = 0;
        let one = |variant: &One| {
            let number = variant.number.as_deref().map_or(next, value);
            next = number + 1;
            (variant.name.clone(), number)
        };
        variants.iter().map(one).collect()
    }

    /// Another list. A variant whose `name` has changed place with none is new, or renamed.
    fn with(&self, what: &str, mut new: Vec<One>, renamed: Option<&str>, net: &str) -> Mutant {
        let (before, now) = (Self::numbered(&self.old), Self::numbered(&new));
        let number = |name: &str| before.iter().find(|(known, _)| known == name).map(|(_, number)| *number);
        let has = |list: &[(String, i64)], name: &str| list.iter().any(|(known, _)| known == name);
        let gone = renamed.is_none() && before.iter().any(|(name, _)| !has(&now, name));
        // What came or went says that it moved others.
        let mut moved = gone || (renamed.is_none() && now.iter().any(|(name, _)| !has(&before, name)));
        for (variant, (name, is)) in new.iter_mut().zip(&now) {
            let code = match number(name) {
                None if renamed == Some(name) => "PC106",
                None => self.added,
                Some(was) if was != *is && !moved => {
                    moved = true;
                    "PC106"
                }
                Some(_) => continue,
            };
            variant.name = mark(&format!("{code}{net}"), name);
        }
        let one = |variant: &One| {
            let number = variant.number.as_ref().map_or_else(String::new, |number| format!(" = {number}"));
            format!(
                "{}{}{number}",
                variant.name,
                if variant.fields.starts_with('{') {
                    format!(" {}", variant.fields)
                } else {
                    variant.fields.clone()
                }
            )
        };
        let list = new.iter().map(one).collect::<Vec<_>>().join(",\n    ");
        let braces = self.found.brace_token.span;
        let inside = braces.open().byte_range().end..braces.close().byte_range().start;
        let mut draft = self.draft(what).edit(inside, format!("\n    {list},\n"));
        let needs_repr = new.iter().any(|variant| variant.number.is_some())
            && !self.found.attrs.iter().any(|attr| attr.path().is_ident("repr"));
        if needs_repr {
            draft = draft.insert(range(&self.found.vis).start, "#[repr(u32)]\n");
        }
        let draft = if gone { draft.mark("PC106", range(&self.found.ident)) } else { draft };
        draft.finish()
    }

    fn lists(&self, all: &mut Vec<Mutant>) {
        let explicit = self.old.iter().any(|variant| variant.number.is_some());
        let highest = Self::numbered(&self.old).iter().map(|(_, number)| *number).max().unwrap_or(0);
        let number = explicit.then(|| (highest + 1).to_string());
        for at in 0..=self.old.len() {
            for fields in ["", "(u32)", "{ why: String }"] {
                let new = One { name: "Extra".to_owned(), fields: fields.to_owned(), number: number.clone() };
                let mut list = self.old.clone();
                list.insert(at, new);
                all.push(self.with(&format!("variant {at} is a new Extra{fields}"), list, None, ""));
            }
        }
        for at in 0..self.old.len() {
            let mut list = self.old.clone();
            let gone = list.remove(at);
            all.push(self.with(&format!("variant {} is gone", gone.name), list, None, ""));
            let mut list = self.old.clone();
            list[at].name = "Renamed".to_owned();
            all.push(self.with(&format!("variant {} is renamed", gone.name), list, Some("Renamed"), ""));
            if at > 0 {
                let mut list = self.old.clone();
                list.swap(at - 1, at);
                all.push(self.with(&format!("variant {} moves", gone.name), list, None, ""));
            }
        }
        let mut list = self.old.clone();
        list.reverse();
        all.push(self.with("its variants backward", list, None, ""));
    }

    fn numbers(&self, all: &mut Vec<Mutant>) {
        let numbers = Self::numbered(&self.old);
        for (at, (name, number)) in numbers.iter().enumerate() {
            let same = [
                (number.to_string(), ""),
                (format!("0x{number:x}"), ""),
                (format!("0_{number}"), ""),
                (format!("({number})"), "?"),
                (format!("{number} + 0"), "?"),
            ];
            let others = [((number + 40).to_string(), ""), (format!("{number} + 40"), "?")];
            for (text, net) in same.into_iter().chain(others) {
                let mut list = self.old.clone();
                list[at].number = Some(text.clone());
                all.push(self.with(&format!("{name} = {text}"), list, None, net));
            }
        }
        for repr in ["u32", "u64", "i32"] {
            if !self.found.attrs.iter().any(|attr| attr.path().is_ident("repr")) {
                let draft = self.draft(&format!("repr({repr})"));
                all.push(draft.insert(range(&self.found.vis).start, format!("#[repr({repr})]\n")).finish());
            }
        }
    }

    /// Variants under a `#[cfg]`: the derive sees what is left.
    fn cfgs(&self, all: &mut Vec<Mutant>) {
        for variant in &self.found.variants {
            let start = range(variant).start;
            for cfg in ["unix", "not(feature = \"extra\")"] {
                let draft = self.draft(&format!("{} only where {cfg}", variant.ident));
                all.push(draft.insert(start, format!("#[cfg({cfg})] ")).finish());
            }
            let draft = self.draft(&format!("{} only where a feature is", variant.ident));
            let draft =
                draft.insert(start, "#[cfg(feature = \"extra\")] ").mark("PC106??", range(&self.found.ident));
            all.push(draft.finish());
        }
    }
}
