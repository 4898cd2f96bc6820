//! A whole source: how it is laid out, in which order its items stand, and what its words mean at all.

use super::signature::after_uses;
use crate::draft::{Draft, Mutant};
use crate::parsed::{Derived, Parsed, range};

pub(super) fn mutate(parsed: &Parsed, all: &mut Vec<Mutant>) {
    let text = parsed.base.text;
    let whole = |what: &str, new: String| Draft::new(parsed, what).edit(0..text.len(), new).finish();
    let code = text.lines().filter(|line| !line.starts_with("//!")).collect::<Vec<_>>().join("\n");
    all.push(whole("no docs", code.clone()));
    all.push(whole("one line", code.split_whitespace().collect::<Vec<_>>().join(" ")));
    all.push(whole("tabs", text.replace("    ", "\t")));
    all.push(whole("line ends of another system", text.replace('\n', "\r\n")));
    all.push(whole(
        "comments everywhere",
        code.replace(", ", ", /* a word, or fn two() */ ").replace("->", "/**/->"),
    ));
    all.push(whole("a word on every method", text.replace("    fn ", "    /// A word, `Vec<u8>`.\n    fn ")));
    all.push(whole("trailing commas", text.replace(") -> ", ",) -> ").replace("(&self,)", "(&self)")));
    all.push(whole("spaces in types", text.replace('<', " < ").replace("&[", "& [ ")));
    all.push(whole(
        "paths of macros",
        text.replace("#[plugin_contract(", "#[::plugin_contracts::plugin_contract("),
    ));
    let more = "\npub type Unused = u64;\npub const NAME: &str = \"a name\";\npub fn work(_: &[u8]) {}\n";
    all.push(whole("other items", format!("{text}{more}")));
    all.push(whole(
        "a type that does not cross",
        format!("{text}\npub struct Row2 {{ pub cells: [u8; 4] }}\n"),
    ));
    let module = format!("{text}\npub mod tests {{\n    pub fn row() {{}}\n}}\n");
    all.push(whole("a module", module));
    let items: Vec<_> = parsed.file.items.iter().map(range).collect();
    for pair in items.windows(2).skip(1) {
        let (one, other) = (parsed.slice(&pair[0]), parsed.slice(&pair[1]));
        let swapped = Draft::new(parsed, format!("items change places at {}", pair[0].start));
        all.push(swapped.edit(pair[0].clone(), other).edit(pair[1].clone(), one).finish());
    }
    for (word, alias) in [
        ("String", "pub type String = Vec<u8>;"),
        ("Vec<", "pub type Vec<T> = Option<T>;"),
        ("Option<", "pub type Option<T> = Vec<T>;"),
        ("u64", "#[allow(non_camel_case_types)]\npub type u64 = ::core::primitive::i32;"),
        ("bool", "#[allow(non_camel_case_types)]\npub type bool = ::core::primitive::char;"),
    ] {
        // Aliases of its own say so in another way.
        let aliased = parsed.aliases.values().any(|target| target.contains(word));
        // By value a type cannot contain itself.
        let nested =
            |ty: &Derived<'_>| word == "Vec<" && parsed.text(ty.item).contains(&format!("Vec<{}>", ty.name));
        if text.contains(word) && !aliased && !parsed.types().any(|ty| nested(&ty)) {
            let shadowed = Draft::new(parsed, format!("another `{word}`")).shadowing();
            all.push(shadowed.insert(after_uses(parsed), format!("\n{alias}")).finish());
        }
    }
}
