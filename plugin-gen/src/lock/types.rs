//! A derived type as it is against the type that was promised: fields by place and name, variants by name and number.
//!
//! In: two types, and whether the new one's words are facts. Out: differences. It does not know which types reach a
//! contract, and asks in which direction they travel only when a rule depends on it.

use super::difference::{Difference, Place, TypePart};
use super::rule::Level;
use super::{Field, Flow, StructForm, Type, Variant};
use crate::report::Code;
use crate::syntax::texts_differ;

/// How far the words of the new type can be trusted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Words {
    /// They are what rustc made of them.
    Facts,
    /// Any of the author's own names could be an alias.
    Tokens,
}

impl Words {
    /// Whether two types differ, and if so, whether that is certain.
    fn differ(self, old: &str, new: &str) -> Option<bool> {
        if old == new {
            return None;
        }
        if self == Self::Facts {
            return Some(true);
        }
        texts_differ(old, new)
    }

    /// Whether fields could be the same, whatever the author's names in them stand for.
    fn same_fields(self, old: &[Field], new: &[Field]) -> bool {
        let same = |(old, new): (&Field, &Field)| {
            let same = old.name == new.name && old.optional == new.optional;
            same && self.differ(&old.ty, &new.ty) != Some(true)
        };
        old.len() == new.len() && old.iter().zip(new).all(same)
    }
}

/// Everything in which `new` differs from `old`.
pub(crate) fn differences(
    name: &str,
    old: &Type,
    (new, words): (&Type, Words),
    flow: impl FnOnce() -> Flow,
) -> Vec<Difference> {
    let mut diff = Diff { name, words, found: Vec::new() };
    match (old, new) {
        (Type::Struct { form: old_form, fields: old }, Type::Struct { form, fields }) if old_form == form => {
            let sized = *form == StructForm::Sized;
            diff.fields(Of { name: name.to_owned(), variant: None }, old, fields, sized);
        }
        (Type::Enum { open: old_open, variants: old }, Type::Enum { open, variants }) if old_open == open => {
            diff.variants(old, variants, *open, flow);
        }
        _ => {
            let what = format!("`{name}` has another form");
            diff.push(Code::PC102, name.to_owned(), TypePart::Name, what, (&old.form(), &new.form()));
        }
    }
    diff.found
}

struct Diff<'a> {
    name: &'a str,
    words: Words,
    found: Vec<Difference>,
}

/// Whose fields are compared.
struct Of {
    name: String,
    /// The variant, when they are a variant's.
    variant: Option<String>,
}

impl Of {
    fn whole(&self) -> TypePart {
        self.variant.clone().map_or(TypePart::Name, TypePart::Variant)
    }

    fn named(&self, field: &Field) -> TypePart {
        let name = field.name.clone();
        match self.variant.clone() {
            Some(variant) => TypePart::VariantField(variant, name),
            None => TypePart::FieldName(name),
        }
    }

    fn typed(&self, field: &Field) -> TypePart {
        match self.variant {
            Some(_) => self.named(field),
            None => TypePart::FieldType(field.name.clone()),
        }
    }
}

impl Diff<'_> {
    fn push(
        &mut self,
        code: Code,
        item: String,
        part: TypePart,
        what: String,
        (was, is): (&str, &str),
    ) -> &mut Difference {
        let place = Place::Type { name: self.name.to_owned(), part };
        let at = self.found.len();
        self.found.push(Difference::new(code, item, place, what).showing(was, is));
        &mut self.found[at]
    }

    fn fields(&mut self, of: Of, old: &[Field], new: &[Field], sized: bool) {
        let has = |fields: &[Field], name: &str| fields.iter().any(|field| field.name == name);
        let owner = &of.name;
        let numbered = |fields: &[Field]| fields.iter().all(Field::is_numbered);
        if old.len() != new.len() && !sized && numbered(old) && numbered(new) {
            // Without names nobody can tell which one came or went.
            let list = |fields: &[Field]| {
                let types: Vec<_> = fields.iter().map(|field| field.ty.as_str()).collect();
                format!("({})", types.join(", "))
            };
            let what = format!("the number of fields of `{owner}` changed");
            self.push(Code::PC102, owner.clone(), of.whole(), what, (&list(old), &list(new)));
            return;
        }
        let mut last = 0;
        let mut moved = false;
        for (at, field) in new.iter().enumerate() {
            let item = format!("{owner}.{}", field.name);
            let Some(was_at) = old.iter().position(|before| before.name == field.name) else {
                // Another name in the same place, for the same: the bytes are as they were.
                let before = old.get(at).filter(|before| !has(new, &before.name));
                let same = |before: &&Field| self.words.differ(&before.ty, &field.ty) != Some(true);
                if let Some(before) = before.filter(same) {
                    let what = format!("field `{}` of `{owner}` was renamed", before.name);
                    self.push(Code::PC103, item, of.named(field), what, (&before.name, &field.name));
                } else if sized && at >= old.len() && field.optional {
                    let what = format!("field `{}` was appended to `{owner}`", field.name);
                    self.push(Code::PC101, item, of.named(field), what, ("", &field.ty));
                } else {
                    let what = format!("field `{}` of `{owner}` was added", field.name);
                    self.push(Code::PC102, item, of.named(field), what, ("", &field.ty));
                }
                continue;
            };
            let before = &old[was_at];
            if let Some(certain) = self.words.differ(&before.ty, &field.ty) {
                let what = format!("type of field `{}` of `{owner}` changed", field.name);
                self.push(Code::PC102, item.clone(), of.typed(field), what, (&before.ty, &field.ty))
                    .certain = certain;
            }
            if before.optional && !field.optional {
                let what = format!("field `{}` of `{owner}` may no longer be absent", field.name);
                self.push(Code::PC102, item.clone(), of.named(field), what, ("", ""));
            } else if field.optional && !before.optional {
                let what = format!("field `{}` of `{owner}` may be absent now", field.name);
                self.push(Code::PC101, item.clone(), of.named(field), what, ("", ""));
            }
            if was_at < last && !moved {
                moved = true;
                let order = |fields: &[Field]| {
                    fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(", ")
                };
                let what = format!("the fields of `{owner}` stand in another order");
                self.push(Code::PC102, item, of.named(field), what, (&order(old), &order(new)));
            }
            last = last.max(was_at);
        }
        for (at, field) in old.iter().enumerate().filter(|(_, field)| !has(new, &field.name)) {
            let renamed = new.get(at).is_some_and(|now| {
                !has(old, &now.name) && self.words.differ(&field.ty, &now.ty) != Some(true)
            });
            if !renamed {
                let (item, what) = (
                    format!("{owner}.{}", field.name),
                    format!("field `{}` of `{owner}` was removed", field.name),
                );
                self.push(Code::PC102, item, of.whole(), what, (&field.ty, ""));
            }
        }
    }

    fn variants(&mut self, old: &[Variant], new: &[Variant], open: bool, flow: impl FnOnce() -> Flow) {
        let (name, words) = (self.name, self.words);
        let item = |variant: &Variant| format!("{name}::{}", variant.name);
        let has = |variants: &[Variant], name: &str| variants.iter().any(|variant| variant.name == name);
        // A new name for the same number and the same fields is no other variant, but nobody can tell that they mean
        // the same.
        let renamed = |gone: &Variant| {
            new.iter().position(|now| {
                !has(old, &now.name) && now.tag == gone.tag && words.same_fields(&gone.fields, &now.fields)
            })
        };
        for gone in old.iter().filter(|variant| !has(new, &variant.name)) {
            match renamed(gone) {
                Some(at) => {
                    let what = format!("variant `{}` of `{name}` was renamed", gone.name);
                    self.push(
                        Code::PC106,
                        item(gone),
                        TypePart::Variant(new[at].name.clone()),
                        what,
                        (&gone.name, &new[at].name),
                    );
                }
                None => {
                    let what = format!("variant `{}` of `{name}` was removed", gone.name);
                    self.push(Code::PC106, item(gone), TypePart::Name, what, (&gone.to_string(), ""));
                }
            }
        }
        let mut flow = Some(flow);
        let mut code = None;
        for (at, variant) in new.iter().enumerate() {
            let Some(before) = old.iter().find(|before| before.name == variant.name) else {
                let is_rename = old.iter().any(|gone| !has(new, &gone.name) && renamed(gone) == Some(at));
                if !is_rename {
                    let code = *code.get_or_insert_with(|| match flow.take().map(|flow| flow()) {
                        Some(Flow { taken: true, returned: false }) => Code::PC105,
                        _ => Code::PC104,
                    });
                    let what = format!("variant `{}` of `{name}` was added", variant.name);
                    let difference = self.push(
                        code,
                        item(variant),
                        TypePart::Variant(variant.name.clone()),
                        what,
                        ("", &variant.to_string()),
                    );
                    if open {
                        difference.level = Level::Additive;
                    }
                }
                continue;
            };
            let of = Of { name: item(variant), variant: Some(variant.name.clone()) };
            self.fields(of, &before.fields, &variant.fields, false);
        }
        self.numbers(old, new, open);
    }

    /// Variants that have another number. One that came or went moves all that follow: one change, one difference.
    fn numbers(&mut self, old: &[Variant], new: &[Variant], open: bool) {
        let name = self.name;
        let both = new.iter().filter_map(|now| Some((old.iter().find(|old| old.name == now.name)?, now)));
        let moved: Vec<(&Variant, &Variant)> = both.filter(|(before, now)| before.tag != now.tag).collect();
        let [(before, now), others @ ..] = &*moved else { return };
        let more = if others.is_empty() { String::new() } else { format!(", and {} more", others.len()) };
        let alone = |one: &[Variant], other: &[Variant], below: u32| {
            let lacks = |variant: &&Variant| !other.iter().any(|other| other.name == variant.name);
            one.iter().filter(lacks).filter(|variant| variant.tag < below).count()
        };
        let pushed = |(before, now): &(&Variant, &Variant)| {
            let (came, went) = (alone(new, old, now.tag), alone(old, new, before.tag));
            i64::from(now.tag) - i64::from(before.tag) == came as i64 - went as i64
        };
        let said = self.found.iter_mut().find(|found| {
            let of_enum = matches!(&found.place, Place::Type { part, .. } if !matches!(part, TypePart::VariantField(..)));
            of_enum && matches!(found.code, Code::PC104 | Code::PC105 | Code::PC106) && found.level > Level::Additive
        });
        if let Some(said) = said.filter(|_| !open && moved.iter().all(pushed)) {
            said.what += &format!(", which moved the number of `{}`{more}", now.name);
            return;
        }
        let what = format!("the number of variant `{}` of `{name}` changed{more}", now.name);
        let (was, is) = (before.tag.to_string(), now.tag.to_string());
        let (item, part) = (format!("{name}::{}", now.name), TypePart::Variant(now.name.clone()));
        self.push(Code::PC106, item, part, what, (&was, &is));
    }
}
