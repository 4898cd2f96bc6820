//! Fields of a struct or a variant.
//!
//! In: a list of fields, and who has them. Out: drafts with another list.

use std::ops::Range;

use syn::Fields;

use super::{Stands, instead_of, retyped};
use crate::draft::{Draft, Mutant, mark};
use crate::parsed::{Parsed, range};

/// Who has the fields.
pub(super) struct Owner<'a> {
    /// The bases' text.
    pub(super) parsed: &'a Parsed,
    /// The derived type.
    pub(super) ty: &'a str,
    /// What stands before each mutant's description.
    pub(super) called: String,
    /// The word for what is about all fields: the type's name, or the variant's.
    pub(super) word: Range<usize>,
    /// Whether they are a variant's: then a field is pointed at by its type.
    pub(super) is_variant: bool,
    /// The contracts that have the type.
    pub(super) concerns: Vec<usize>,
    /// The bytes of the fields with their braces or parentheses; for a unit, the place after its name.
    pub(super) whole: Range<usize>,
    /// What ends the item after a tuple or a unit: a struct's semicolon.
    pub(super) end: &'a str,
}

/// One field, as written.
#[derive(Clone)]
struct One {
    vis: &'static str,
    name: String,
    ty: String,
}

impl Owner<'_> {
    fn draft(&self, what: &str) -> Draft<'_> {
        Draft::new(self.parsed, format!("{}: {what}", self.called)).concerns(&self.concerns)
    }

    /// A field under a mark.
    fn marked(&self, code: &str, field: &One) -> One {
        if self.is_variant || field.name.is_empty() {
            One { ty: mark(code, &field.ty), ..field.clone() }
        } else {
            One { name: mark(code, &field.name), ..field.clone() }
        }
    }

    fn print(&self, fields: &[One], named: bool) -> String {
        let one = |field: &One| match named {
            true => format!("{}{}: {}", field.vis, field.name, field.ty),
            false => format!("{}{}", field.vis, field.ty),
        };
        let list = fields.iter().map(one).collect::<Vec<_>>().join(", ");
        if named { format!(" {{ {list} }}") } else { format!("({list}){}", self.end) }
    }

    fn with(&self, what: &str, fields: &[One], named: bool) -> Draft<'_> {
        self.draft(what).edit(self.whole.clone(), self.print(fields, named))
    }

    /// A tuple's fields are found by their place: of one of another length nobody can tell which came or went.
    fn tuple(&self, what: &str, old: &[One], new: &[One]) -> Draft<'_> {
        if new.len() != old.len() {
            return self.with(what, new, false).mark("PC102", self.word.clone());
        }
        let one = |(field, before): (&One, &One)| {
            let ty = retyped(self.parsed, "PC102", &before.ty, &field.ty, false);
            One { ty, ..field.clone() }
        };
        let marked: Vec<_> = new.iter().zip(old).map(one).collect();
        self.with(what, &marked, false)
    }
}

pub(super) fn mutate(owner: &Owner<'_>, fields: &Fields, all: &mut Vec<Mutant>) {
    let read = |field: &syn::Field| One {
        vis: if matches!(field.vis, syn::Visibility::Inherited) { "" } else { "pub " },
        name: field.ident.as_ref().map_or_else(String::new, ToString::to_string),
        ty: owner.parsed.text(&field.ty).to_owned(),
    };
    let old: Vec<_> = fields.iter().map(read).collect();
    for field in fields {
        let ty = owner.parsed.text(&field.ty);
        for new in instead_of(owner.parsed, ty, Stands::Field(owner.ty)) {
            let text = retyped(owner.parsed, "PC102", ty, &new, false);
            all.push(owner.draft(&format!("field {ty} is {new}")).edit(range(&field.ty), text).finish());
        }
        attributes(owner, &old, fields, field, all);
    }
    let vis = if owner.is_variant { "" } else { "pub " };
    match fields {
        Fields::Named(_) => named(owner, &old, vis, all),
        Fields::Unnamed(_) => unnamed(owner, &old, vis, all),
        Fields::Unit => unit(owner, vis, all),
    }
}

fn attributes(owner: &Owner<'_>, old: &[One], fields: &Fields, field: &syn::Field, all: &mut Vec<Mutant>) {
    let start = range(field).start;
    for text in ["/// A word.\n", "#[allow(unused)] ", "#[cfg(unix)] ", "#[cfg(not(feature = \"extra\"))] "] {
        all.push(owner.draft(&format!("field gets {text}")).insert(start, text).finish());
    }
    if !matches!(field.vis, syn::Visibility::Inherited) {
        all.push(owner.draft("field is private").edit(range(&field.vis), "").finish());
    }
    // The derive sees what is left. The words under it are undecided, and no type is compared by them.
    let last = fields.iter().next_back().map(range) == Some(range(field));
    if field.ident.is_some() || (last && !old.is_empty()) {
        for cfg in ["feature = \"extra\"", "windows"] {
            let gone =
                owner.draft(&format!("field only where {cfg}")).insert(start, format!("#[cfg({cfg})] "));
            all.push(gone.mark("PC102??", owner.word.clone()).finish());
        }
    }
}

fn named(owner: &Owner<'_>, old: &[One], vis: &'static str, all: &mut Vec<Mutant>) {
    for at in 0..=old.len() {
        for ty in ["u32", "Vec<String>"] {
            let new = One { vis, name: "extra".to_owned(), ty: ty.to_owned() };
            let mut fields = old.to_vec();
            fields.insert(at, owner.marked("PC102", &new));
            all.push(owner.with(&format!("field {at} is a new {ty}"), &fields, true).finish());
        }
    }
    for (at, field) in old.iter().enumerate() {
        let mut fields = old.to_vec();
        fields.remove(at);
        let gone = owner.with(&format!("field {} is gone", field.name), &fields, true);
        all.push(gone.mark("PC102", owner.word.clone()).finish());
        for name in ["renamed", "r#type"] {
            let mut fields = old.to_vec();
            fields[at] = owner.marked("PC103", &One { name: name.to_owned(), ..field.clone() });
            all.push(owner.with(&format!("field {} is called {name}", field.name), &fields, true).finish());
        }
    }
    for at in 1..old.len() {
        let mut fields = old.to_vec();
        fields.swap(at - 1, at);
        fields[at] = owner.marked("PC102", &fields[at]);
        all.push(owner.with(&format!("field {} moves", old[at].name), &fields, true).finish());
    }
    let bare = |field: &One| owner.marked("PC103", &One { name: String::new(), ..field.clone() });
    let fields: Vec<_> = old.iter().map(bare).collect();
    all.push(owner.with("is a tuple", &fields, false).finish());
    if old.len() == 1 {
        let unit = owner.draft("is a unit").edit(owner.whole.clone(), owner.end);
        all.push(unit.mark("PC102", owner.word.clone()).finish());
    }
}

fn unnamed(owner: &Owner<'_>, old: &[One], vis: &'static str, all: &mut Vec<Mutant>) {
    for at in 0..=old.len() {
        for ty in ["u32", "Vec<String>", "i128"] {
            let mut fields = old.to_vec();
            fields.insert(at, One { vis, name: String::new(), ty: ty.to_owned() });
            all.push(owner.tuple(&format!("field {at} is a new {ty}"), old, &fields).finish());
        }
    }
    for at in 0..old.len() {
        let mut fields = old.to_vec();
        fields.remove(at);
        all.push(owner.tuple(&format!("field {at} is gone"), old, &fields).finish());
    }
    for at in 1..old.len() {
        let mut fields = old.to_vec();
        fields.swap(at - 1, at);
        all.push(owner.tuple(&format!("field {at} moves"), old, &fields).finish());
    }
    let named = |(at, field): (usize, &One)| {
        owner.marked("PC103", &One { name: format!("field_{at}"), ..field.clone() })
    };
    let fields: Vec<_> = old.iter().enumerate().map(named).collect();
    all.push(owner.with("has names", &fields, true).finish());
    if old.len() == 1 {
        let unit = owner.draft("is a unit").edit(owner.whole.clone(), owner.end);
        all.push(unit.mark("PC102", owner.word.clone()).finish());
    }
}

fn unit(owner: &Owner<'_>, vis: &'static str, all: &mut Vec<Mutant>) {
    all.push(owner.with("is an empty tuple", &[], false).finish());
    all.push(owner.with("has empty braces", &[], true).finish());
    for ty in ["u32", "String"] {
        let tuple = One { vis, name: String::new(), ty: ty.to_owned() };
        all.push(owner.tuple(&format!("holds {ty}"), &[], std::slice::from_ref(&tuple)).finish());
        let field = One { name: "extra".to_owned(), ..tuple };
        all.push(owner.with(&format!("has a field {ty}"), &[owner.marked("PC102", &field)], true).finish());
    }
}
