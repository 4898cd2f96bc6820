//! What a method takes and returns.

use syn::ReturnType;

use super::{Stands, instead_of, retyped};
use crate::draft::{Draft, Mutant, mark};
use crate::parsed::{MethodOf, Parsed, args, range};

pub(super) fn mutate(parsed: &Parsed, found: &MethodOf<'_>, all: &mut Vec<Mutant>) {
    arguments(parsed, found, all);
    result(parsed, found, all);
    lists(parsed, found, all);
}

/// Whether it stands under a `#[cfg]`.
pub(super) fn under_cfg(found: &MethodOf<'_>) -> bool {
    found.method.attrs.iter().any(|attr| attr.path().is_ident("cfg"))
}

/// The code as it is seen of this method: under a `#[cfg]` only rustc can tell.
pub(super) fn seen(found: &MethodOf<'_>, code: &str) -> String {
    if under_cfg(found) { format!("{code}?") } else { code.to_owned() }
}

fn arguments(parsed: &Parsed, found: &MethodOf<'_>, all: &mut Vec<Mutant>) {
    let name = &found.method.sig.ident;
    for (pattern, ty) in args(found.method) {
        let (argument, old) = (parsed.text(pattern), parsed.text(ty));
        let draft = |what: String| {
            Draft::new(parsed, format!("{name}: argument {argument}: {what}")).concerns(&[found.contract])
        };
        for new in instead_of(parsed, old, Stands::Argument) {
            let text = retyped(parsed, "PC003", old, &new, under_cfg(found));
            all.push(draft(format!("{old} is {new}")).edit(range(ty), text).finish());
        }
        for (new, target) in through_alias(parsed, old) {
            let same = parsed.meaning(&new.replace("Fresh", &target)) == parsed.meaning(old);
            let text = if same { new } else { mark("PC003?", &new) };
            let what = format!("{old} is `Fresh` = {target}");
            all.push(draft(what).insert(after_uses(parsed), alias(&target)).edit(range(ty), text).finish());
        }
        all.push(draft("another name".to_owned()).edit(range(pattern), "other_name").finish());
        all.push(draft("a raw name".to_owned()).edit(range(pattern), "r#match").finish());
    }
}

/// The type with a new alias in it, and what that stands for: the same, or another.
fn through_alias(parsed: &Parsed, old: &str) -> Vec<(String, String)> {
    let meaning = parsed.meaning(old);
    if let Some(element) = meaning.inside("&[]") {
        let other = if element.to_string() == "u16" { "i16" } else { "u16" };
        return vec![("&[Fresh]".to_owned(), element.to_string()), ("&[Fresh]".to_owned(), other.to_owned())];
    }
    if old.contains('&') {
        return Vec::new();
    }
    let other = if meaning.to_string() == "u16" { "i16" } else { "u16" };
    vec![("Fresh".to_owned(), meaning.to_string()), ("Fresh".to_owned(), other.to_owned())]
}

pub(super) fn alias(target: &str) -> String {
    format!("\npub type Fresh = {target};")
}

/// Where an item can stand first.
pub(super) fn after_uses(parsed: &Parsed) -> usize {
    let mut uses = parsed.file.items.iter().filter(|item| matches!(item, syn::Item::Use(_)));
    uses.next_back().map_or(0, |last| range(last).end)
}

fn result(parsed: &Parsed, found: &MethodOf<'_>, all: &mut Vec<Mutant>) {
    let sig = &found.method.sig;
    let draft = |what: String| {
        Draft::new(parsed, format!("{}: result: {what}", sig.ident)).concerns(&[found.contract])
    };
    let ReturnType::Type(_, ty) = &sig.output else {
        let end = sig.paren_token.span.close().byte_range().end;
        for new in ["()", "bool", "u64", "String", "Option<u32>"] {
            let text = retyped(parsed, "PC005", "()", new, under_cfg(found));
            all.push(draft(format!("is {new}")).insert(end, format!(" -> {text}")).finish());
        }
        return;
    };
    let old = parsed.text(ty);
    for new in instead_of(parsed, old, Stands::Result) {
        let text = retyped(parsed, "PC005", old, &new, under_cfg(found));
        all.push(draft(format!("{old} is {new}")).edit(range(ty), text).finish());
    }
    for (new, target) in through_alias(parsed, old) {
        let same = parsed.meaning(&target) == parsed.meaning(old);
        let text = if same { new } else { mark("PC005?", &new) };
        let what = format!("{old} is `Fresh` = {target}");
        all.push(draft(what).insert(after_uses(parsed), alias(&target)).edit(range(ty), text).finish());
    }
    // Where nothing is returned, nothing is there to point at but the name.
    let code = if parsed.meaning(old).surely_differs(&crate::parsed::Tree::of("()")) && !under_cfg(found) {
        "PC005"
    } else {
        "PC005?"
    };
    let unit = draft(format!("{old} is ()")).edit(range(ty), "()");
    all.push(unit.mark(code, range(&sig.ident)).finish());
    let arrow = sig.paren_token.span.close().byte_range().end..range(ty).end;
    let none = draft(format!("{old} is gone")).edit(arrow, "");
    all.push(none.mark(code, range(&sig.ident)).finish());
}

/// Arguments that come, go and change places.
fn lists(parsed: &Parsed, found: &MethodOf<'_>, all: &mut Vec<Mutant>) {
    let sig = &found.method.sig;
    let name = range(&sig.ident);
    let draft =
        |what: String| Draft::new(parsed, format!("{}: {what}", sig.ident)).concerns(&[found.contract]);
    let code = seen(found, "PC004");
    let own = parsed.types().last().map_or_else(String::new, |ty| ty.name);
    for (at, input) in sig.inputs.iter().enumerate() {
        for ty in ["u32", "&str", "Option<String>", own.as_str()] {
            let more = draft(format!("argument {at} is a new {ty}"));
            let more = more.insert(range(input).end, format!(", extra: {ty}"));
            all.push(more.mark(&code, name.clone()).finish());
        }
    }
    let inputs: Vec<_> = sig.inputs.iter().map(range).collect();
    for pair in inputs.windows(2) {
        let less = draft(format!("argument `{}` is gone", parsed.slice(&pair[1])));
        all.push(less.edit(pair[0].end..pair[1].end, "").mark(&code, name.clone()).finish());
    }
    let args: Vec<_> = args(found.method).collect();
    for one in 0..args.len() {
        for other in one + 1..args.len() {
            let (first, second) = (parsed.text(args[one].1), parsed.text(args[other].1));
            let mut types = [
                retyped(parsed, "PC003", first, second, under_cfg(found)),
                retyped(parsed, "PC003", second, first, under_cfg(found)),
            ];
            // What is proven speaks for the whole signature.
            if types.iter().any(|ty| ty.starts_with("«PC003 ")) {
                for (ty, plain) in types.iter_mut().zip([second, first]) {
                    if ty.starts_with("«PC003? ") {
                        plain.clone_into(ty);
                    }
                }
            }
            let text = |at: usize, ty: &str| format!("{}: {ty}", parsed.text(args[at].0));
            let swapped = draft(format!("arguments {one} and {other} change places"))
                .edit(inputs[one + 1].clone(), text(other, &types[0]))
                .edit(inputs[other + 1].clone(), text(one, &types[1]));
            all.push(swapped.finish());
        }
    }
}
