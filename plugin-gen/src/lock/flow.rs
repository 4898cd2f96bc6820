//! In which direction a type travels: what is harmless in what plugins take may break what they return.
//!
//! In: a lock. Out: a [`Flow`]. It reads names, as the lock resolved them.

use std::collections::BTreeSet;

use super::{Contract, Lock, Method};

/// Where a type turns up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flow {
    /// In something that plugins return.
    pub(crate) returned: bool,
    /// In something that plugins take.
    pub(crate) taken: bool,
}

impl Lock {
    /// Where the type of this name turns up, in all contracts.
    pub(crate) fn flow(&self, name: &str) -> Flow {
        let methods = self.contracts.values().flat_map(|contract| contract.methods.values());
        let mut flow = Flow::default();
        for method in methods {
            let (taken, returned) = halves(method);
            flow.returned |= self.reach(method, &returned).contains(name);
            flow.taken |= self.reach(method, taken).contains(name);
        }
        flow
    }

    /// The contract in whose name a type's drift is told: the first that the type reaches.
    pub(crate) fn spokesman(&self, name: &str) -> Option<(&str, &Contract)> {
        let reaches = |contract: &Contract| {
            contract.methods.values().any(|method| self.types_of(method).contains(name))
        };
        let contracts = || self.contracts.iter().map(|(id, contract)| (id.as_str(), contract));
        contracts().find(|(_, contract)| reaches(contract)).or_else(|| contracts().next())
    }

    /// The derived types that a method of this lock is made of.
    pub(crate) fn types_of(&self, method: &Method) -> BTreeSet<&str> {
        self.reach(method, &method.signature)
    }

    /// The derived types that part of a signature names, and all that they are made of.
    fn reach(&self, method: &Method, part: &str) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&str> = self.named(part).collect();
        open.extend(
            method
                .resolved
                .iter()
                .filter(|(name, _)| part.contains(name.as_str()))
                .flat_map(|(_, meant)| self.named(meant)),
        );
        while let Some(word) = open.pop() {
            let Some((name, ty)) = self.types.get_key_value(word) else { continue };
            if found.insert(name.as_str()) {
                open.extend(ty.all_fields().flat_map(|field| self.named(&field.ty)));
            }
        }
        found
    }

    /// The words of a type's text, and the instances of generic types in it: `Page<Item>` is the name of one.
    fn named<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let instances = self.types.keys().map(String::as_str).filter(|name| name.contains('<'));
        words(text).chain(instances.filter(|name| text.contains(name)))
    }
}

/// What comes in, and what goes out: of that an argument that is changed is a part.
fn halves(method: &Method) -> (&str, String) {
    let (taken, returned) = method.signature.split_once(") -> ").unwrap_or((&method.signature, ""));
    let changed = taken.split("&mut ").skip(1).map(|rest| &rest[..end_of_type(rest)]);
    (taken, changed.chain([returned]).collect::<Vec<_>>().join(" "))
}

/// Where the type ends that the text begins with.
fn end_of_type(text: &str) -> usize {
    let mut depth = 0_i32;
    let end = text.char_indices().find(|(_, c)| {
        depth += match c {
            '<' | '(' | '[' => 1,
            '>' | ')' | ']' => -1,
            _ => 0,
        };
        depth < 0 || (*c == ',' && depth == 0)
    });
    end.map_or(text.len(), |(at, _)| at)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}
