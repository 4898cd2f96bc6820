//! What the mock of a contract has that is built on others: their mocks.
//!
//! In: a contract. Out: what stands for its bases in what is printed of its own. What no macro sees, the methods of others, is left
//! to theirs.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::super::{first_span, names as all};
use crate::syntax::Contract;

/// Nothing at all, of a contract that is built on none.
#[derive(Default)]
pub(super) struct Bases {
    /// Of the part.
    pub(super) fields: TokenStream,
    /// How they are found in it.
    pub(super) part: TokenStream,
    /// How they are made.
    pub(super) new: TokenStream,
    /// How they are made for a plugin.
    pub(super) behind: TokenStream,
}

impl Bases {
    pub(super) fn of(contract: &Contract) -> Self {
        let bases = &contract.bases;
        if bases.is_empty() {
            return Self::default();
        }
        let private = &contract.arguments.krate;
        let private = quote!(#private::mock::__private);
        let fields: Vec<_> = (0..bases.len()).map(all::base).collect();
        let mocks = bases
            .iter()
            .map(|base| quote_spanned!(first_span(base)=> <dyn #base as #private::HasMock>::Mock));
        let places: Vec<_> = (0..bases.len()).collect();
        Self {
            fields: quote!(#(#fields: #mocks,)*),
            part: quote! {
                fn base_at(&self, at: ::core::primitive::usize) -> ::core::option::Option<&dyn __m::Part> {
                    match at {
                        #(#places => ::core::option::Option::Some(&self.#fields),)*
                        _ => ::core::option::Option::None,
                    }
                }

                fn base_at_mut(
                    &mut self,
                    at: ::core::primitive::usize,
                ) -> ::core::option::Option<&mut dyn __m::Part> {
                    match at {
                        #(#places => ::core::option::Option::Some(&mut self.#fields),)*
                        _ => ::core::option::Option::None,
                    }
                }
            },
            new: quote!(#(#fields: ::core::default::Default::default(),)*),
            behind: quote!(#(#fields: __m::Mock::behind(&self.#fields),)*),
        }
    }
}
