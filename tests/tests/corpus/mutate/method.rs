//! A method's name, words, attributes and body, and methods that come, go and change places.

use super::signature::{seen, under_cfg};
use crate::draft::{Draft, Mutant, mark};
use crate::parsed::{MethodOf, Parsed, range};

pub(super) fn mutate(parsed: &Parsed, found: &MethodOf<'_>, all: &mut Vec<Mutant>) {
    places(parsed, found, all);
    words(parsed, found, all);
    attributes(parsed, found, all);
    since(parsed, found, all);
}

fn draft<'a>(parsed: &'a Parsed, found: &MethodOf<'_>, what: &str) -> Draft<'a> {
    Draft::new(parsed, format!("{}: {what}", found.method.sig.ident)).concerns(&[found.contract])
}

fn places(parsed: &Parsed, found: &MethodOf<'_>, all: &mut Vec<Mutant>) {
    let (whole, name, of) = (range(found.method), range(&found.method.sig.ident), range(&found.of.ident));
    let optional = found.method.default.is_some();
    // Who lacks an optional method is served by the host's default body.
    let served = |draft: Draft<'_>| if optional { draft.pairs(true, true) } else { draft }.finish();
    let gone = draft(parsed, found, "is gone").edit(whole.clone(), "").mark("PC001", of.clone());
    all.push(served(gone));
    let version = parsed.slice(&parsed.version_at(found.contract)).trim_matches('"');
    // A new name with an old date is a method that was not there then.
    let dated = dated(found.method).map(|at| parsed.slice(&at));
    let old = if dated.is_some_and(|dated| !dated.contains(version)) { "+PC205" } else { "" };
    let code = if optional { "PC010~".to_owned() } else { seen(found, "PC002") } + old;
    for other in ["renamed", "r#fn"] {
        let renamed = draft(parsed, found, &format!("is called {other}"));
        let renamed = renamed.edit(name.clone(), mark(&code, other)).mark("PC001", of.clone());
        all.push(served(renamed));
    }
    let next = found.of.items.iter().map(range).find(|next| next.start > whole.start);
    if let Some(next) = next {
        let (one, other) = (parsed.slice(&whole), parsed.slice(&next));
        let swapped = draft(parsed, found, "changes places with the next");
        all.push(swapped.edit(whole.clone(), other).edit(next, one).finish());
    }
    let mut add = |what: &str, text: String| {
        let new = draft(parsed, found, &format!("after it comes {what}"));
        all.push(new.insert(whole.end, format!("\n    {text}")).finish());
    };
    let (required, default) = (mark("PC002", "extra"), mark("PC010~", "extra"));
    add("a required method", format!("fn {required}(&self, name: &str) -> bool;"));
    add("a required method that changes things", format!("fn {required}(&mut self);"));
    add("a method with a body", format!("fn {default}(&self, name: &str) -> bool {{ name.is_empty() }}"));
    add("a dated method with a body", format!("#[since(\"{version}\")] fn {default}(&self) {{}}"));
    let windows = format!("#[cfg(windows)] fn {}(&self) -> bool;", mark("PC002-", "extra"));
    add("a required method of another platform", windows);
    let unix = format!("#[cfg(unix)] fn {}(&self) -> bool;", mark("PC002?", "extra"));
    add("a required method of this platform", unix);
    let feature = format!("#[cfg(feature = \"extra\")] fn {}(&self);", mark("PC002-", "extra"));
    add("a required method of a feature", feature);
    // Its twin of another platform takes its object otherwise.
    let (receiver, _) = receivers(parsed, found);
    let twin = parsed.slice(&(range(&found.method.sig).start..range(&found.method.sig).end));
    let other = if receiver == "&self" { "&mut self" } else { "&self" };
    let twin = twin.replacen(receiver, &mark("PC006-", other), 1);
    if !under_cfg(found) && !optional {
        add("a twin of another platform", format!("#[cfg(windows)] {twin};"));
    }
}

/// How it takes its object, and where it says so.
fn receivers(parsed: &Parsed, found: &MethodOf<'_>) -> (&'static str, std::ops::Range<usize>) {
    let at = found.method.sig.inputs.first().map(range).expect("a method has a receiver");
    (parsed.slice(&at), at)
}

fn words(parsed: &Parsed, found: &MethodOf<'_>, all: &mut Vec<Mutant>) {
    let method = found.method;
    let name = range(&method.sig.ident);
    let (receiver, at) = receivers(parsed, found);
    let other = if receiver == "&self" { "&mut self" } else { "&self" };
    let exclusive = draft(parsed, found, &format!("takes {other}"));
    all.push(exclusive.edit(at.clone(), mark(&seen(found, "PC006"), other)).finish());
    let spaced = receiver.replace('&', "& ");
    all.push(draft(parsed, found, "a receiver with a space").edit(at.clone(), spaced).finish());
    for word in ["unsafe", "const", "pub", "pub(crate)", "extern \"C\"", "const unsafe"] {
        let start = range(&method.sig).start;
        let more = draft(parsed, found, &format!("is {word}"));
        all.push(more.insert(start, format!("{} ", mark("P009", word))).finish());
    }
    for (what, text) in [("is generic", "T"), ("has a lifetime", "'a"), ("has a bound", "T: Copy")] {
        let more = draft(parsed, found, what);
        all.push(more.insert(name.end, format!("<{}>", mark("P008", text))).finish());
    }
    let end = range(&method.sig).end;
    let condition = format!(" {}", mark("P008", "where u8: Copy"));
    all.push(draft(parsed, found, "has a condition").insert(end, condition).finish());
    for text in ["self", "mut self", "self: &Self", "&'static self"] {
        let moved = draft(parsed, found, &format!("takes {text}"));
        all.push(moved.edit(at.clone(), mark("P010", text)).finish());
    }
    if let Some(body) = &method.default {
        let required = draft(parsed, found, "loses its body").edit(range(body), ";");
        // Whoever was built with it has the method.
        all.push(required.pairs(true, true).mark(&seen(found, "PC012"), name).finish());
        all.push(draft(parsed, found, "another body").edit(range(body), "{ loop {} }").finish());
    } else {
        let semicolon = method.semi_token.map(|token| range(&token)).expect("it ends");
        let optional = draft(parsed, found, "gets a body").edit(semicolon, " { unimplemented!() }");
        all.push(optional.mark("PC011~", name).finish());
    }
}

fn attributes(parsed: &Parsed, found: &MethodOf<'_>, all: &mut Vec<Mutant>) {
    let (start, of) = (range(found.method).start, range(&found.of.ident));
    for text in
        ["/// A word.", "/** Many\n    words. */", "#[must_use]", "#[allow(unused)]", "#[doc(hidden)]"]
    {
        let more = draft(parsed, found, &format!("gets {text}"));
        all.push(more.insert(start, format!("{text}\n    ")).finish());
    }
    // Binaries of two platforms never meet.
    for cfg in ["unix", "target_os = \"linux\"", "windows", "not(windows)"] {
        let more = draft(parsed, found, &format!("only where {cfg}"));
        all.push(more.insert(start, format!("#[cfg({cfg})]\n    ")).finish());
    }
    let required = found.method.default.is_none();
    for (cfg, code) in [("feature = \"extra\"", "PC001?"), ("not(feature = \"extra\")", "PC001-")] {
        let more = draft(parsed, found, &format!("only where {cfg}"));
        let more = more.insert(start, format!("#[cfg({cfg})]\n    "));
        all.push(if required { more.mark(code, of.clone()) } else { more }.finish());
    }
}

fn since(parsed: &Parsed, found: &MethodOf<'_>, all: &mut Vec<Mutant>) {
    let [major, minor, patch] = parsed.version(found.contract);
    let now = format!("{major}.{minor}.{patch}");
    let any_dated =
        parsed.methods().any(|other| other.contract == found.contract && dated(other.method).is_some());
    let first = if any_dated && major > 0 { format!("{major}.0.0") } else { now.clone() };
    let attr = dated(found.method);
    let promised =
        attr.as_ref().map_or(first, |at| parsed.slice(at).split('"').nth(1).unwrap_or_default().to_owned());
    let start = range(found.method).start;
    for version in [promised.as_str(), &now, "0.0.1", "99.0.0", "1.0"] {
        let text = format!("#[since(\"{version}\")]");
        let late = matches!(version, "99.0.0" | "1.0");
        let more = draft(parsed, found, &format!("since {version}"));
        let text = if late { mark("P004", &text) } else { text };
        let more = match &attr {
            Some(at) => more.edit(at.clone(), text),
            None => more.insert(start, format!("{text}\n    ")),
        };
        let rewritten = !late && version != promised;
        let name = range(&found.method.sig.ident);
        all.push(if rewritten { more.mark(&seen(found, "PC205"), name) } else { more }.finish());
    }
    if let Some(at) = attr {
        all.push(draft(parsed, found, "is not dated").edit(at, "").finish());
    }
}

/// Where it says which version brought it.
fn dated(method: &syn::TraitItemFn) -> Option<std::ops::Range<usize>> {
    method.attrs.iter().find(|attr| attr.path().is_ident("since")).map(range)
}
