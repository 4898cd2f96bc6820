//! The names of a mock's own functions.
//!
//! In: a contract. Out: a name for each, none of which is a method's: what is taken gets `mock_` in front. It does not know what
//! they do.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span};

use crate::syntax::{Contract, plain_name};

/// Names that are given once.
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    pub(super) fn new(contract: &Contract) -> Self {
        Self { taken: contract.methods.iter().map(crate::syntax::Method::name).collect() }
    }

    /// `verify`, or `mock_verify` when the contract has a method of that name.
    pub(super) fn fixed(&mut self, name: &str) -> Ident {
        let mut name = name.to_owned();
        while !self.taken.insert(name.clone()) {
            name = format!("mock_{name}");
        }
        Ident::new(&name, Span::call_site())
    }

    /// `expect_get`, or `mock_expect_get`.
    pub(super) fn expect(&mut self, method: &Ident) -> Ident {
        self.fixed(&format!("expect_{}", plain_name(method)))
    }

    /// `get_calls`, or `mock_get_calls`.
    pub(super) fn calls(&mut self, method: &Ident) -> Ident {
        self.fixed(&format!("{}_calls", plain_name(method)))
    }
}
