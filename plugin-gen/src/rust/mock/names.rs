//! The names of a mock's own functions.
//!
//! In: a contract. Out: a name for each, none of which is a method's: what is taken gets `mock_` in front. It does not know what
//! they do.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span};

use crate::syntax::{Contract, Method};

/// Names that are given once.
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    pub(super) fn new(contract: &Contract) -> Self {
        Self { taken: contract.methods.iter().map(Method::name).collect() }
    }

    /// `verify`, or `mock_verify` when the contract has a method of that name.
    pub(super) fn fixed(&mut self, name: &str) -> Ident {
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
