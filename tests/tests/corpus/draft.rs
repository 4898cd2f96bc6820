//! A mutant, and how one is written: edits of a base's text, in which marks say what must be found and where.
//!
//! `«PC003 u64»` stands for `u64`, of which the words alone prove PC003. A sign after the code says who sees it:
//! `?` only rustc; the words leave it open. `??` only rustc; without a compiler nothing hints at it.
//! `!` only the check of whole sources, which the macro leaves out. `~` is a note: it compiles.
//! `-` is left open, and does not hold where the tests run. Two codes of one word stand with a `+` between.

use std::ops::Range;

use crate::parsed::Parsed;

/// Who sees a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Net {
    /// Words prove it, so macro and check say it.
    Words,
    /// rustc, at the place that the words leave open.
    Open,
    /// rustc, where nothing else sees anything.
    Hidden,
    /// The check of whole sources.
    Check,
    /// Macro and check know it, and it compiles.
    Note,
    /// Left open, and settled elsewhere.
    Elsewhere,
}

impl Net {
    const SIGNS: [(&'static str, Self); 6] = [
        ("??", Self::Hidden),
        ("?", Self::Open),
        ("!", Self::Check),
        ("~", Self::Note),
        ("-", Self::Elsewhere),
        ("", Self::Words),
    ];

    fn sign(self) -> &'static str {
        Self::SIGNS.iter().find(|(_, net)| *net == self).map_or("", |(sign, _)| sign)
    }
}

/// What must be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    /// On these bytes of the mutant.
    pub(crate) at: Range<usize>,
    /// This code.
    pub(crate) code: String,
    /// By this net.
    pub(crate) net: Net,
}

/// A base with one thing changed.
pub(crate) struct Mutant {
    /// What was changed of.
    pub(crate) base: usize,
    /// What was changed.
    pub(crate) what: String,
    /// The contract to which it matters most, by its place in the source.
    pub(crate) contract: usize,
    /// The changed text.
    pub(crate) source: String,
    /// All that must be found, in source order; nothing else may be.
    pub(crate) expected: Vec<Expected>,
    /// A type of std was shadowed: rustc must refuse with this many errors at most, wherever they stand.
    pub(crate) shadows: bool,
    /// What the pairs of old and new do, where the rules leave that open: old plugin, new plugin.
    pub(crate) pairs: Option<(bool, bool)>,
}

impl Mutant {
    /// Whether nobody may object.
    pub(crate) fn is_silent(&self) -> bool {
        !self.shadows && self.errors().next().is_none()
    }

    /// What stops somebody.
    pub(crate) fn errors(&self) -> impl Iterator<Item = &Expected> {
        self.expected.iter().filter(|one| !matches!(one.net, Net::Note | Net::Elsewhere))
    }

    /// What rustc must say.
    pub(crate) fn of_rustc(&self) -> impl Iterator<Item = &Expected> {
        self.errors().filter(|one| one.net != Net::Check)
    }

    /// Whether it is refused before anything is compared.
    pub(crate) fn is_unwritable(&self) -> bool {
        self.expected.iter().any(|one| one.code.starts_with("P0"))
    }

    /// What it is counted under: its first code and who sees it.
    pub(crate) fn kind(&self) -> String {
        if self.shadows {
            return "shadowed".to_owned();
        }
        let first = self.errors().find(|one| one.code != "PC203").or_else(|| self.errors().next());
        match first.or(self.expected.first()) {
            Some(first) => format!("{}{}", first.code, first.net.sign()),
            None => "silent".to_owned(),
        }
    }
}

/// Marks a word.
pub(crate) fn mark(code: &str, word: &str) -> String {
    format!("«{code} {word}»")
}

/// A mutant in the making.
pub(crate) struct Draft<'a> {
    parsed: &'a Parsed,
    what: String,
    edits: Vec<(Range<usize>, String)>,
    concerns: Vec<usize>,
    shadows: bool,
    pairs: Option<(bool, bool)>,
}

impl<'a> Draft<'a> {
    /// One that says what it changes.
    pub(crate) fn new(parsed: &'a Parsed, what: impl Into<String>) -> Self {
        let (edits, concerns) = (Vec::new(), Vec::new());
        Self { parsed, what: what.into(), edits, concerns, shadows: false, pairs: None }
    }

    /// This instead of that. Of several at one place the first stands first.
    pub(crate) fn edit(mut self, at: Range<usize>, text: impl Into<String>) -> Self {
        self.edits.push((at, text.into()));
        self
    }

    /// This after that place.
    pub(crate) fn insert(self, at: usize, text: impl Into<String>) -> Self {
        self.edit(at..at, text)
    }

    /// Leaves a word as it is and marks it.
    pub(crate) fn mark(self, code: &str, at: Range<usize>) -> Self {
        let word = mark(code, self.parsed.slice(&at));
        self.edit(at, word)
    }

    /// The contracts whose version must be raised for it, by their place. Asked for where something is certain.
    pub(crate) fn concerns(mut self, contracts: &[usize]) -> Self {
        self.concerns = contracts.to_vec();
        self
    }

    /// What the pairs of old and new do, where the rules leave that open.
    pub(crate) fn pairs(mut self, old_plugin: bool, new_plugin: bool) -> Self {
        self.pairs = Some((old_plugin, new_plugin));
        self
    }

    /// It gives another meaning to a type of std.
    pub(crate) fn shadowing(mut self) -> Self {
        self.shadows = true;
        self
    }

    /// Applies the edits. Where something certain asks for a version, PC203 is expected too.
    pub(crate) fn finish(mut self) -> Mutant {
        let certain = |sign: &str| {
            let signs = self.edits.iter().flat_map(|(_, text)| text.split('«').skip(1));
            signs.filter_map(|text| text.split(' ').next()).flat_map(|codes| codes.split('+')).any(|code| {
                code.strip_suffix(sign).is_some_and(|code| {
                    code.starts_with("PC")
                        && code.len() == 5
                        && !matches!(code, "PC020" | "PC205" | "PC203" | "PC201")
                })
            })
        };
        let contract = self.concerns.first().copied().unwrap_or(0);
        if certain("") || certain("~") {
            for id in self.concerns.clone() {
                let at = self.parsed.version_at(id);
                self = self.mark("PC203!", at);
            }
        }
        self.edits.sort_by_key(|(at, _)| (at.start, at.end));
        let base = &self.parsed.base.text;
        let (mut marked, mut done) = (String::new(), 0);
        for (at, text) in &self.edits {
            assert!(at.start >= done, "{}: two edits overlap: {}", self.parsed.base.name, self.what);
            marked += &base[done..at.start];
            marked += text;
            done = at.end;
        }
        marked += &base[done..];
        let (source, expected) = unmark(&marked);
        Mutant {
            base: self.parsed.number,
            what: self.what,
            contract,
            source,
            expected,
            shadows: self.shadows,
            pairs: self.pairs,
        }
    }
}

/// The text without its marks, and what they say.
fn unmark(marked: &str) -> (String, Vec<Expected>) {
    let (mut text, mut expected) = (String::new(), Vec::new());
    let mut parts = marked.split('«');
    text += parts.next().unwrap_or_default();
    for part in parts {
        let (inside, after) = part.split_once('»').expect("a mark ends");
        let (sign, word) = inside.split_once(' ').expect("a mark has a code");
        for sign in sign.split('+') {
            let (ending, net) =
                Net::SIGNS.iter().find(|(ending, _)| sign.ends_with(ending)).expect("nothing is a sign too");
            let code = sign[..sign.len() - ending.len()].to_owned();
            expected.push(Expected { at: text.len()..text.len() + word.len(), code, net: *net });
        }
        text += word;
        text += after;
    }
    expected.sort_by_key(|one| (one.at.start, one.at.end, one.code.clone()));
    (text, expected)
}
