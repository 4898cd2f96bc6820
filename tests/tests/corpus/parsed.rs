//! A base as the mutations see it: its tree with the bytes of every word, and what its names stand for.
//!
//! In: a base. Out: elements, and answers about types. It shares nothing with the code under test: what differs for
//! certain, and which way a type travels, it decides from the texts.

use std::collections::BTreeMap;
use std::ops::Range;

use syn::spanned::Spanned;
use syn::{Fields, FnArg, Item, ItemTrait, ReturnType, TraitItem, TraitItemFn};

use crate::bases::Base;

/// A base, read.
pub(crate) struct Parsed {
    /// Which one it is.
    pub(crate) number: usize,
    /// What was read.
    pub(crate) base: &'static Base,
    /// Its tree.
    pub(crate) file: syn::File,
    /// What its aliases stand for, as written.
    pub(crate) aliases: BTreeMap<String, String>,
}

/// A derived type.
pub(crate) struct Derived<'a> {
    /// Its name.
    pub(crate) name: String,
    /// The whole item.
    pub(crate) item: &'a Item,
}

/// A method and what it belongs to.
pub(crate) struct MethodOf<'a> {
    /// The contract's place in the source.
    pub(crate) contract: usize,
    /// The contract.
    pub(crate) of: &'a ItemTrait,
    /// The method.
    pub(crate) method: &'a TraitItemFn,
}

impl Parsed {
    /// Reads a base.
    pub(crate) fn new(number: usize, base: &'static Base) -> Self {
        let file = syn::parse_file(base.text).expect("a base is Rust");
        let mut parsed = Self { number, base, file, aliases: BTreeMap::new() };
        let alias = |item: &Item| match item {
            Item::Type(alias) => Some((alias.ident.to_string(), parsed.slice(&range(&alias.ty)).to_owned())),
            _ => None,
        };
        parsed.aliases = parsed.file.items.iter().filter_map(alias).collect();
        parsed
    }

    /// The text there.
    pub(crate) fn slice(&self, at: &Range<usize>) -> &'static str {
        &self.base.text[at.clone()]
    }

    /// The text of a node.
    pub(crate) fn text(&self, node: &impl Spanned) -> &'static str {
        self.slice(&range(node))
    }

    /// Its contracts.
    pub(crate) fn contracts(&self) -> impl Iterator<Item = &ItemTrait> {
        self.file.items.iter().filter_map(|item| match item {
            Item::Trait(item) => Some(item),
            _ => None,
        })
    }

    /// Its methods.
    pub(crate) fn methods(&self) -> impl Iterator<Item = MethodOf<'_>> {
        self.contracts().enumerate().flat_map(|(contract, of)| {
            of.items.iter().filter_map(move |item| match item {
                TraitItem::Fn(method) => Some(MethodOf { contract, of, method }),
                _ => None,
            })
        })
    }

    /// Its derived types.
    pub(crate) fn types(&self) -> impl Iterator<Item = Derived<'_>> {
        self.file.items.iter().filter_map(|item| match item {
            Item::Struct(of) => Some(Derived { name: of.ident.to_string(), item }),
            Item::Enum(of) => Some(Derived { name: of.ident.to_string(), item }),
            _ => None,
        })
    }

    /// The literal of a contract's version.
    pub(crate) fn version_at(&self, contract: usize) -> Range<usize> {
        let at = range(self.contracts().nth(contract).expect("it is there"));
        let start =
            at.start + self.slice(&at).find("version = ").expect("it has a version") + "version = ".len();
        let length = self.base.text[start + 1..].find('"').expect("it ends");
        start..start + length + 2
    }

    /// A contract's version.
    pub(crate) fn version(&self, contract: usize) -> [u32; 3] {
        let numbers = self.slice(&self.version_at(contract)).trim_matches('"').split('.');
        let numbers: Vec<_> = numbers.map(|number| number.parse().expect("a number")).collect();
        numbers.try_into().expect("three numbers")
    }

    /// A type without aliases.
    pub(crate) fn meaning(&self, ty: &str) -> Tree {
        let mut tree = Tree::of(ty);
        tree.resolve(&self.aliases);
        tree
    }

    /// The names of a type's parts.
    fn parts(&self, of: &Item) -> Vec<String> {
        let fields = |fields: &Fields| fields.iter().map(|field| self.text(&field.ty)).collect::<Vec<_>>();
        let texts = match of {
            Item::Struct(of) => fields(&of.fields),
            Item::Enum(of) => of.variants.iter().flat_map(|variant| fields(&variant.fields)).collect(),
            _ => Vec::new(),
        };
        texts.into_iter().flat_map(|text| self.meaning(text).names()).collect()
    }

    /// Whether a type, as written, is made of a derived one.
    pub(crate) fn reaches(&self, ty: &str, name: &str) -> bool {
        let (mut open, mut seen) = (self.meaning(ty).names(), Vec::new());
        while let Some(found) = open.pop() {
            if found == name {
                return true;
            }
            if !seen.contains(&found) {
                open.extend(self.types().filter(|ty| ty.name == found).flat_map(|ty| self.parts(ty.item)));
                seen.push(found);
            }
        }
        false
    }

    /// The contracts that a derived type reaches, and whether plugins take it, and return it.
    pub(crate) fn flow(&self, name: &str) -> (Vec<usize>, bool, bool) {
        let (mut contracts, mut taken, mut returned) = (Vec::new(), false, false);
        for MethodOf { contract, method, .. } in self.methods() {
            let takes = args(method).any(|(_, ty)| self.reaches(self.text(ty), name));
            let returns =
                matches!(&method.sig.output, ReturnType::Type(_, ty) if self.reaches(self.text(ty), name));
            if (takes || returns) && !contracts.contains(&contract) {
                contracts.push(contract);
            }
            (taken, returned) = (taken || takes, returned || returns);
        }
        (contracts, taken, returned)
    }
}

/// The bytes of a node.
pub(crate) fn range(node: &impl Spanned) -> Range<usize> {
    node.span().byte_range()
}

/// A method's arguments without its object: names and types.
pub(crate) fn args(method: &TraitItemFn) -> impl Iterator<Item = (&syn::Pat, &syn::Type)> {
    method.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(arg) => Some((&*arg.pat, &*arg.ty)),
        FnArg::Receiver(_) => None,
    })
}

/// A type, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tree {
    head: String,
    parts: Vec<Self>,
}

impl Tree {
    /// Reads a type in one of the forms that the bases use.
    pub(crate) fn of(text: &str) -> Self {
        let text = text.trim();
        if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'))
            && !inner.is_empty()
        {
            return Self::of(inner);
        }
        if let Some(inner) = text.strip_prefix("&[").and_then(|text| text.strip_suffix(']')) {
            return Self { head: "&[]".to_owned(), parts: vec![Self::of(inner)] };
        }
        let (head, inside) = match text.split_once('<') {
            Some((head, rest)) => (head, rest.strip_suffix('>').expect("it is closed")),
            None => (text, ""),
        };
        let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
        for (at, letter) in inside.char_indices() {
            match letter {
                '<' => depth += 1,
                '>' => depth -= 1,
                ',' if depth == 0 => {
                    parts.push(Self::of(&inside[start..at]));
                    start = at + 1;
                }
                _ => {}
            }
        }
        if !inside.is_empty() {
            parts.push(Self::of(&inside[start..]));
        }
        Self { head: head.rsplit("::").next().unwrap_or(head).to_owned(), parts }
    }

    fn resolve(&mut self, aliases: &BTreeMap<String, String>) {
        if self.parts.is_empty()
            && let Some(meant) = aliases.get(&self.head)
        {
            *self = Self::of(meant);
            return self.resolve(aliases);
        }
        self.parts.iter_mut().for_each(|part| part.resolve(aliases));
    }

    /// Every name in it.
    pub(crate) fn names(&self) -> Vec<String> {
        std::iter::once(self.head.clone()).chain(self.parts.iter().flat_map(Self::names)).collect()
    }

    /// What is inside, when this is one of these.
    pub(crate) fn inside(&self, head: &str) -> Option<&Self> {
        (self.head == head).then(|| self.parts.first()).flatten()
    }

    fn is_author_s(&self) -> bool {
        let first = self.head.chars().next();
        first.is_some_and(char::is_uppercase)
            && !["String", "Vec", "Option", "Result"].contains(&self.head.as_str())
    }

    /// Whether the two differ whatever the author's names in them stand for.
    pub(crate) fn surely_differs(&self, other: &Self) -> bool {
        if self.is_author_s() || other.is_author_s() {
            return false;
        }
        let parts = || self.parts.iter().zip(&other.parts);
        self.head != other.head || parts().any(|(one, other)| one.surely_differs(other))
    }
}

impl std::fmt::Display for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<_> = self.parts.iter().map(ToString::to_string).collect();
        match (self.head.as_str(), parts.as_slice()) {
            ("&[]", [part]) => write!(f, "&[{part}]"),
            (head, []) => f.write_str(head),
            (head, parts) => write!(f, "{head}<{}>", parts.join(", ")),
        }
    }
}
