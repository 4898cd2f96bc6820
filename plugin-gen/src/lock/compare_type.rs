//! A derived type in the source against the lock: the token net, and what is left for rustc.
//!
//! In: a tree with spans, and the lock. Out: what the words prove, as findings at the word; everything else as a promise.

use super::compare::{said_before, words};
use super::difference::{Difference, Place, TypePart};
use super::types::{self, Words};
use super::{Compat, Field, Lock, Shown, StructForm, Type, TypePromise, Variant, locate};
use crate::report::{Code, Finding};
use crate::syntax::{Field as Written, Fields, Number, PluginType, Shape, Version, texts_differ, type_text};

/// Compares. What the words prove is returned, harmless or not; what only rustc can tell goes into `promise`.
pub(crate) fn compare_type(ty: &PluginType, lock: &Lock, promise: &mut TypePromise) -> Vec<Finding> {
    let name = ty.name.clone();
    // A generic type is locked as what it is instantiated with: whoever does that, compares.
    if ty.generics.type_params().next().is_some() {
        return Vec::new();
    }
    let Some(old) = lock.types.get(&name) else { return Vec::new() };
    promise.compared = true;
    let (new, unnumbered) = written(ty, old);
    let differences = types::differences(&name, old, (&new, Words::Tokens), || lock.flow(&name));
    let (id, version, compat) = lock.spokesman(&name).map_or_else(
        || (name.as_str(), Version { major: 0, minor: 0, patch: 0 }, Compat::default()),
        |(id, contract)| (id, contract.version, contract.compat),
    );
    let finding = |found: &Difference| {
        Finding::of_drift(found, &locate::in_type(ty, &found.place), (id, version), compat)
    };
    let open = |part: &TypePart| {
        let place = Place::Type { name: name.clone(), part: part.clone() };
        differences.iter().find(|found| !found.certain && found.place == place)
    };
    let change = |part: TypePart, was: &str| {
        let what = format!("a type in `{name}` stands for another");
        let place = Place::Type { name: name.clone(), part };
        finding(&Difference::new(Code::PC102, name.clone(), place, what).showing(was, ""))
    };
    // Where the words agree, or could, rustc decides what they stand for.
    let mut leave = |fields: &Fields, before: &[Field], part: &dyn Fn(String) -> TypePart| {
        for field in fields {
            let Some(before) = before.iter().find(|before| before.name == field.name) else { continue };
            if texts_differ(&before.ty, &type_text(&field.ty)) == Some(true) {
                continue;
            }
            let part = part(field.name.clone());
            let finding = open(&part).map_or_else(|| change(part.clone(), &before.ty), &finding);
            let (cfgs, ty, text) = (Vec::new(), field.ty.clone(), before.ty.clone());
            // A word that the lock's text, which has none, lacks is an alias: its first field speaks for all.
            let unless = said_before(&promise.shown, &ty, &|word| !words(&text).any(|known| known == word));
            promise.shown.push(Shown { cfgs, ty, text, unless, finding });
        }
    };
    match (&ty.shape, old) {
        (Shape::Struct(fields) | Shape::Sized(fields), Type::Struct { fields: before, .. }) => {
            leave(fields, before, &TypePart::FieldType);
        }
        (Shape::Enum(variants) | Shape::Open(variants), Type::Enum { variants: before, .. }) => {
            for (at, variant) in variants.iter().enumerate() {
                let Some(before) = before.iter().find(|before| before.name == variant.name()) else {
                    continue;
                };
                leave(&variant.fields, &before.fields, &|field| {
                    TypePart::VariantField(before.name.clone(), field)
                });
                if unnumbered.contains(&at) {
                    let what = format!("the number of variant `{}` of `{name}` changed", before.name);
                    let place =
                        Place::Type { name: name.clone(), part: TypePart::Variant(before.name.clone()) };
                    let item = format!("{name}::{}", before.name);
                    let found =
                        Difference::new(Code::PC106, item, place, what).showing(before.tag.to_string(), "");
                    promise.tags.push((at, before.tag, finding(&found)));
                }
            }
        }
        _ => {}
    }
    differences.iter().filter(|found| found.certain).map(finding).collect()
}

/// A derived type as the lock would hold it, as far as its words say; and the variants whose number they do not say,
/// which are taken to have the one that was promised.
fn written(ty: &PluginType, old: &Type) -> (Type, Vec<usize>) {
    let fields = |fields: &Fields| {
        let one = |field: &Written| Field {
            name: field.name.clone(),
            ty: type_text(&field.ty),
            optional: field.optional,
        };
        fields.iter().map(one).collect()
    };
    let (open, variants) = match &ty.shape {
        Shape::Struct(of) => {
            return (Type::Struct { form: StructForm::Mirrored, fields: fields(of) }, Vec::new());
        }
        Shape::Plain(of) => {
            return (Type::Struct { form: StructForm::Plain, fields: fields(of) }, Vec::new());
        }
        Shape::Sized(of) => {
            return (Type::Struct { form: StructForm::Sized, fields: fields(of) }, Vec::new());
        }
        Shape::Enum(variants) => (false, variants),
        Shape::Open(variants) => (true, variants),
    };
    let mut next = Some(0);
    let mut unnumbered = Vec::new();
    let mut found = Vec::new();
    for (at, variant) in variants.iter().enumerate() {
        let mut number = match variant.number() {
            Number::Written(number) => Some(number),
            Number::Computed => None,
            Number::Next => next,
        };
        let name = variant.name();
        let tag = number.unwrap_or_else(|| {
            unnumbered.push(at);
            let known = |old: &Variant| (old.name == name).then_some(old.tag);
            let promised = match old {
                Type::Enum { variants, .. } => variants.iter().find_map(known),
                Type::Struct { .. } => None,
            };
            // Those that follow are counted from it: rustc is asked once.
            number = promised;
            promised.unwrap_or(0)
        });
        next = number.and_then(|number| number.checked_add(1));
        found.push(Variant { name, tag, fields: fields(&variant.fields) });
    }
    (Type::Enum { open, variants: found }, unnumbered)
}
