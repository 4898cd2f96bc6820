//! The names of a mock's own functions.
//!
//! In: a contract. Out: names, none of which is a method's: what is taken gets `mock_` in front. It does not know what
//! they do.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span};

use crate::syntax::{Contract, Method};

/// The functions that every mock has: those of `contracts/src/mock/mocked.rs`.
const ALL: [&str; 11] = [
    "new",
    "lenient",
    "wrapping",
    "wrapping_box",
    "at_version",
    "without_log",
    "with_times",
    "base",
    "base_mut",
    "verify",
    "checkpoint",
];

/// Names that are given once.
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    pub(super) fn new(contract: &Contract) -> Self {
        Self { taken: contract.methods.iter().map(Method::name).collect() }
    }

    /// How the functions are called that every mock has: `verify`, or `mock_verify` where the contract has a method of one of their
    /// names.
    pub(super) fn style(&self) -> Ident {
        let is_free = |front: &str| ALL.iter().all(|name| !self.taken.contains(&format!("{front}{name}")));
        let style = match [is_free(""), is_free("mock_")] {
            [true, _] => "Plain",
            [false, true] => "Prefixed",
            [false, false] => "PrefixedTwice",
        };
        Ident::new(style, Span::call_site())
    }

    /// `expect_get`, or `mock_expect_get` when the contract has a method of that name.
    fn fixed(&mut self, name: &str) -> Ident {
        let mut name = name.to_owned();
        while !self.taken.insert(name.clone()) {
            name = format!("mock_{name}");
        }
        Ident::new(&name, Span::call_site())
    }

    /// A name for each method. Two of one name under different conditions share it.
    pub(super) fn of_methods(&mut self, contract: &Contract, name: fn(&str) -> String) -> Vec<Ident> {
        let mut given: BTreeMap<String, Ident> = BTreeMap::new();
        let each = contract.methods.iter().map(Method::name);
        each.map(|method| given.entry(method).or_insert_with_key(|method| self.fixed(&name(method))).clone())
            .collect()
    }
}

/// `expect_get`
pub(super) fn expect(method: &str) -> String {
    format!("expect_{method}")
}

/// `get_calls`
pub(super) fn calls(method: &str) -> String {
    format!("{method}_calls")
}
