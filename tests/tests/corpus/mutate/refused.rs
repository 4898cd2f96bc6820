//! What cannot be written at all: refused with an authoring code, whatever the lock says.

use syn::{Item, ReturnType};

use crate::draft::{Draft, Mutant, mark};
use crate::parsed::{Parsed, args, range};

/// Types that do not cross: the code, the whole type, and the word that is underlined.
const TYPES: &[(&str, &str, &str)] = &[
    ("P012", "[u8; 0]", "[u8; 0]"),
    ("P012", "(u8,)", "(u8,)"),
    ("P012", "impl Copy", "impl Copy"),
    ("P012", "fn(u8) -> u8", "fn(u8) -> u8"),
    ("P012", "*const u8", "*const u8"),
    ("P012", "Row<Box<dyn Fn()>>", "Row<Box<dyn Fn()>>"),
    ("P012", "(u8, Vec<[u8; 0]>)", "[u8; 0]"),
    ("P012", "Self", "Self"),
    ("P012", "Option<Self>", "Self"),
    ("P012", "!", "!"),
];

/// References, which only arguments may be, and not all.
const LENT: &[(&str, &str, &str)] = &[
    ("P013", "&String", "&String"),
    ("P013", "&Vec<u8>", "&Vec<u8>"),
    ("P013", "&mut str", "&mut str"),
    ("P013", "&'static str", "'static"),
    ("P013", "&u32", "&u32"),
    ("P013", "&mut [String]", "&mut [String]"),
    ("P013", "&mut [bool]", "&mut [bool]"),
];

pub(super) fn mutate(parsed: &Parsed, all: &mut Vec<Mutant>) {
    let instead = |(code, ty, word): &(&str, &str, &str)| ty.replacen(word, &mark(code, word), 1);
    // Each at some places, not each everywhere.
    for (turn, found) in parsed.methods().enumerate() {
        let name = &found.method.sig.ident;
        if let Some((pattern, ty)) = args(found.method).last() {
            for one in TYPES.iter().chain(LENT).skip(turn % 3).step_by(3) {
                let draft = Draft::new(parsed, format!("{name}: an argument is {}", one.1));
                all.push(draft.edit(range(ty), instead(one)).finish());
            }
            for text in
                ["_", "(a, b)", "__hidden", "mut moved", "ref lent"].into_iter().skip(turn % 2).step_by(2)
            {
                let draft = Draft::new(parsed, format!("{name}: the argument {text}"));
                all.push(draft.edit(range(pattern), mark("P011", text)).finish());
            }
            let attribute = Draft::new(parsed, format!("{name}: an argument with an attribute"));
            let text = format!("{} ", mark("P011", "#[allow(unused)]"));
            all.push(attribute.insert(range(pattern).start, text).finish());
        }
        if let ReturnType::Type(_, ty) = &found.method.sig.output {
            for one in TYPES
                .iter()
                .chain(&[("P014", "&mut [u8]", "&mut [u8]"), ("P013", "Option<&'static [u8]>", "'static")])
                .skip(turn % 4)
                .step_by(4)
            {
                let draft = Draft::new(parsed, format!("{name}: it returns {}", one.1));
                all.push(draft.edit(range(ty), instead(one)).finish());
            }
        }
        let twice = Draft::new(parsed, format!("{name}: is there twice"));
        let again = format!("\n    fn {}(&self);", mark("P015", &name.to_string()));
        all.push(twice.insert(range(found.method).end, again).finish());
        for (text, word) in
            [("type Item;", "type Item"), ("const NUMBER: u8;", "const NUMBER"), ("make!();", "make!")]
        {
            let item = Draft::new(parsed, format!("after {name}: {text}"));
            let text = text.replacen(word, &mark("P007", word), 1);
            all.push(item.insert(range(found.method).end, format!("\n    {text}")).finish());
        }
    }
    for found in parsed.contracts() {
        let name = range(&found.ident);
        let draft = |what: &str| Draft::new(parsed, format!("{}: {what}", found.ident));
        let start = range(&found.trait_token).start;
        for word in ["unsafe", "auto"] {
            all.push(draft(word).insert(start, format!("{} ", mark("P005", word))).finish());
        }
        for word in ["T", "'a", "T: Copy, U"] {
            all.push(
                draft(&format!("of {word}")).insert(name.end, format!("<{}>", mark("P005", word))).finish(),
            );
        }
        let brace = found.brace_token.span.open().byte_range().start;
        let condition = format!("{} ", mark("P005", "where u8: Copy"));
        all.push(draft("a condition").insert(brace, condition).finish());
    }
    for ty in parsed.types() {
        let (ident, fields): (_, Vec<_>) = match ty.item {
            Item::Struct(of) => (range(&of.ident), of.fields.iter().collect()),
            Item::Enum(of) => {
                (range(&of.ident), of.variants.iter().flat_map(|variant| &variant.fields).collect())
            }
            _ => continue,
        };
        let draft = |what: &str| Draft::new(parsed, format!("{}: {what}", ty.name));
        for (turn, field) in fields.into_iter().enumerate() {
            for one in TYPES
                .iter()
                .chain(&[
                    ("P022", "&'static str", "&'static str"),
                    ("P022", "Vec<&'static [u8]>", "&'static [u8]"),
                ])
                .skip(turn % 4)
                .step_by(4)
            {
                all.push(
                    draft(&format!("a field is {}", one.1)).edit(range(&field.ty), instead(one)).finish(),
                );
            }
        }
        for word in ["'a", "const N: usize"] {
            all.push(
                draft(&format!("of {word}")).insert(ident.end, format!("<{}>", mark("P021", word))).finish(),
            );
        }
    }
}
