//! What a contract says of itself: its version, id, name and bounds.

use syn::ItemTrait;

use crate::draft::{Draft, Mutant, mark};
use crate::parsed::{Parsed, range};

pub(super) fn mutate(parsed: &Parsed, all: &mut Vec<Mutant>) {
    for (number, found) in parsed.contracts().enumerate() {
        versions(parsed, number, found, all);
        arguments(parsed, number, found, all);
        bounds(parsed, number, found, all);
        words(parsed, number, found, all);
    }
}

fn draft<'a>(parsed: &'a Parsed, number: usize, found: &ItemTrait, what: &str) -> Draft<'a> {
    Draft::new(parsed, format!("{}: {what}", found.ident)).concerns(&[number])
}

fn versions(parsed: &Parsed, number: usize, found: &ItemTrait, all: &mut Vec<Mutant>) {
    let (version @ [major, minor, patch], at) = (parsed.version(number), parsed.version_at(number));
    let text = |[major, minor, patch]: [u32; 3]| format!("\"{major}.{minor}.{patch}\"");
    for new in [[major, minor, patch + 1], [major, minor + 1, 0], [major + 1, 0, 0], [major + 7, 9, 9]] {
        all.push(
            draft(parsed, number, found, &format!("is at {new:?}")).edit(at.clone(), text(new)).finish(),
        );
    }
    let before = [
        patch.checked_sub(1).map(|patch| [major, minor, patch]),
        minor.checked_sub(1).map(|minor| [major, minor, 9]),
        major.checked_sub(1).map(|major| [major, 9, 9]),
    ];
    for new in before.into_iter().flatten() {
        let mut back = draft(parsed, number, found, &format!("is back at {new:?}"));
        let mut late = false;
        for method in parsed.methods().filter(|method| method.contract == number) {
            for attr in method.method.attrs.iter().filter(|attr| attr.path().is_ident("since")) {
                let since: Vec<u32> =
                    parsed.text(attr).split(['"', '.']).filter_map(|part| part.parse().ok()).collect();
                if since.as_slice() > new.as_slice() {
                    late = true;
                    back = back.mark("P004", range(attr));
                }
            }
        }
        let literal = text(new);
        all.push(back.edit(at.clone(), if late { literal } else { mark("PC203!", &literal) }).finish());
    }
    // The step that is asked for, and one that is too small.
    let end = range(found).end - 1;
    let optional = format!("    fn {}(&self) {{}}\n", mark("PC010~", "extra"));
    let required = format!("    fn {}(&self);\n", mark("PC002", "extra"));
    let minor_step = if major == 0 { [0, minor, patch + 1] } else { [major, minor + 1, 0] };
    let major_step = if major == 0 { [0, minor + 1, 0] } else { [major + 1, 0, 0] };
    for (what, method, new, enough) in [
        ("an optional method and its step", &optional, minor_step, true),
        ("an optional method and a large step", &optional, major_step, true),
        ("a required method and its step", &required, major_step, true),
        ("a required method and a small step", &required, minor_step, false),
    ] {
        let literal = if enough { text(new) } else { mark("PC203!", &text(new)) };
        let more = Draft::new(parsed, format!("{}: {what}", found.ident));
        all.push(more.insert(end, method.as_str()).edit(at.clone(), literal).finish());
    }
    debug_assert_eq!(text(version), parsed.slice(&at));
}

fn arguments(parsed: &Parsed, number: usize, found: &ItemTrait, all: &mut Vec<Mutant>) {
    let version = parsed.version_at(number);
    let start = range(found).start + parsed.slice(&range(found)).find("id = \"").expect("it has an id");
    let id = start + 5..version.start - ", version = ".len();
    let name = range(&found.ident);
    let draft = |what: &str| draft(parsed, number, found, what);
    all.push(draft("another id").edit(id.clone(), "\"acme.other\"").mark("PC201!", name.clone()).finish());
    all.push(draft("a longer id").insert(id.end - 1, ".more").mark("PC201!", name).finish());
    for text in ["Acme", "acme..store", "", "acme store"] {
        let malformed = mark("P003", &format!("\"{text}\""));
        all.push(draft(&format!("the id `{text}`")).edit(id.clone(), malformed).finish());
    }
    for text in ["1", "1.0", "1.0.0.0", "v1.0.0", "1.0.0-beta"] {
        let malformed = mark("P004", &format!("\"{text}\""));
        all.push(draft(&format!("the version `{text}`")).edit(version.clone(), malformed).finish());
    }
    let end = version.end;
    for text in [",", ", unlocked", ", crate = plugin_contracts", ", crate = ::plugin_contracts"] {
        all.push(draft(&format!("more: `{text}`")).insert(end, text).finish());
    }
    for word in ["colour", "id", "version"] {
        let text = format!(", {} = \"acme.more\"", mark("P002", word));
        all.push(draft(&format!("more: `{word}`")).insert(end, text).finish());
    }
    let (id, version) = (parsed.slice(&id), parsed.slice(&version));
    let order = draft("its arguments change places");
    all.push(order.edit(start..end, format!("version = {version}, id = {id}")).finish());
}

fn bounds(parsed: &Parsed, number: usize, found: &ItemTrait, all: &mut Vec<Mutant>) {
    let name = range(&found.ident);
    let bounds: Vec<_> = found.supertraits.iter().map(|bound| parsed.text(bound)).collect();
    let end = found.supertraits.iter().next_back().map_or(name.end, |last| range(last).end);
    let at = name.end..end;
    let is = |bounds: &[&str], name: &str| bounds.iter().any(|bound| bound.ends_with(name));
    for new in [
        &[][..],
        &["Send"],
        &["Sync"],
        &["Send", "Sync"],
        &["Sync", "Send"],
        &["'static"],
        &["Send", "'static"],
        &["'static", "Sync"],
        &["Send", "Sync", "'static"],
        &["::core::marker::Send"],
        &["std::marker::Send", "std::marker::Sync"],
    ] {
        if new == bounds {
            continue;
        }
        let same = ["Send", "Sync"].iter().all(|name| is(new, name) == is(&bounds, name));
        // A plugin may promise more than the host relies on.
        let covers = |more: &[&str], less: &[&str]| {
            ["Send", "Sync"].iter().all(|name| is(more, name) || !is(less, name))
        };
        let draft = draft(parsed, number, found, &format!("bounds {new:?}"));
        let draft = draft.pairs(covers(&bounds, new), covers(new, &bounds));
        let text = new.join(" + ");
        all.push(match (same, new.is_empty()) {
            (true, true) => draft.edit(at.clone(), "").finish(),
            (true, false) => draft.edit(at.clone(), format!(": {text}")).finish(),
            (false, true) => draft.edit(at.clone(), "").mark("PC009", name.clone()).finish(),
            (false, false) => draft.edit(at.clone(), format!(": {}", mark("PC009", &text))).finish(),
        });
    }
    for bound in ["Clone", "std::fmt::Debug", "?Sized", "Fn() -> u8", "'a"] {
        let more = if bounds.is_empty() { ": " } else { " + " };
        let text = format!("{more}{}", mark("P006", bound));
        all.push(draft(parsed, number, found, &format!("the bound {bound}")).insert(end, text).finish());
    }
}

fn words(parsed: &Parsed, number: usize, found: &ItemTrait, all: &mut Vec<Mutant>) {
    let name = range(&found.ident);
    let draft = |what: &str| draft(parsed, number, found, what);
    // The id is the contract's name. The trait's is nobody's business but its sources'.
    all.push(draft("another name").edit(name.clone(), "Renamed").finish());
    all.push(draft("is private").edit(range(&found.vis), "").finish());
    all.push(draft("is of the crate").edit(range(&found.vis), "pub(crate)").finish());
    let first = range(found.items.first().expect("it has a method")).start;
    let start = range(&found.vis).start;
    for text in ["/// A word.", "#[allow(dead_code)]", "#[doc(hidden)]", "#[must_use]", "#[rustfmt::skip]"] {
        all.push(draft(&format!("gets {text}")).insert(start, format!("{text}\n")).finish());
    }
    let items: Vec<_> = found.items.iter().map(|item| parsed.text(item)).collect();
    let whole = first..range(found.items.last().expect("it has a method")).end;
    let backward: Vec<_> = items.iter().rev().copied().collect();
    all.push(draft("its methods backward").edit(whole.clone(), backward.join("\n    ")).finish());
    let mut rotated = items.clone();
    rotated.rotate_left(1);
    all.push(draft("its methods rotated").edit(whole, rotated.join("\n    ")).finish());
    for (what, text) in [("an optional method", "PC010~"), ("a required method", "PC002")] {
        let body = if text == "PC002" { ";" } else { " {}" };
        let method = format!("fn {}(&self){body}\n    ", mark(text, "extra"));
        all.push(draft(&format!("{what} comes first")).insert(first, method).finish());
    }
}
