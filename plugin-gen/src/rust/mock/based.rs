//! The mock of a contract that is built on others, and what a contract's mock is to those that are built on it.
//!
//! In: a contract. Out: for one with bases a part with a slot a method, and the mocks of its bases in it; for each the trait, for
//! every mock that has its part. What no macro sees, the methods of others, is left to theirs.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::{first_span, names as all, silence};
use super::form::Forms;
use super::names::Names;
use super::{desc, mock_method, mocked, own_functions};
use crate::syntax::Contract;

/// The mock of a contract that is built on others: in the crate of the trait only.
pub(super) fn emit(contract: &Contract) -> TokenStream {
    let Contract { ident, vis, bases, .. } = contract;
    let krate = &contract.arguments.krate;
    let (mock, part, form, silence) = (all::mock(ident), all::mock_part(ident), all::form(ident), silence());
    let private = quote!(#krate::mock::__private);
    let mut names = Names::new(contract);
    let mut forms = Forms::new(form.clone());
    let methods = mocked(contract, &mut names, &mut forms);
    let forms = forms.emit();
    let own = methods.iter().map(own_functions);
    let desc = desc(contract, &methods);
    let fields: Vec<_> = (0..bases.len()).map(all::base).collect();
    let mocks: Vec<_> = bases
        .iter()
        .map(|base| quote::quote_spanned!(first_span(base)=> <dyn #base as #private::HasMock>::Mock))
        .collect();
    let places: Vec<_> = (0..bases.len()).collect();
    let for_all = for_all(contract, &methods, &part);
    let doc = format!(
        "A mock of [`{ident}`] and of what it is built on: a call that nobody expects panics, and dropping the mock verifies that every expectation was met."
    );
    quote! {
        #[doc = #doc]
        #silence
        #vis type #mock = #private::Mocked<#part>;

        #[doc(hidden)]
        #silence
        #vis struct #part {
            state: #private::State,
            #(#fields: #mocks,)*
        }

        #[doc(hidden)]
        #silence
        #vis struct #form<const __AT: usize>;

        #silence
        const _: () = {
            use #private as __m;

            #forms

            #desc

            impl #part {
                #(#own)*
            }

            impl __m::Part for #part {
                fn state(&self) -> &__m::State {
                    &self.state
                }

                fn state_mut(&mut self) -> &mut __m::State {
                    &mut self.state
                }

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
            }

            impl __m::Parts for #part {
                type Contract = dyn #ident;

                fn new() -> Self {
                    Self {
                        state: __m::State::new(&__DESC),
                        #(#fields: ::core::default::Default::default(),)*
                    }
                }

                #[track_caller]
                fn behind(&self) -> Self {
                    Self {
                        state: self.state.behind(),
                        #(#fields: __m::Mock::behind(&self.#fields),)*
                    }
                }
            }

            #for_all
        };
    }
}

/// The trait for every mock that has the part, and where the part is found.
pub(super) fn for_all(contract: &Contract, methods: &[super::Mocked<'_>], part: &Ident) -> TokenStream {
    let (ident, supertraits) = (&contract.ident, &contract.supertraits);
    let mock = all::mock(ident);
    let of_trait = methods.iter().map(|mocked| mock_method(contract, mocked, true));
    let condition = (!supertraits.is_empty()).then(|| quote!(__m::Mocked<__M>: #supertraits,));
    quote! {
        fn __state<__M: __m::Parts>(mock: &__m::Mocked<__M>) -> &__m::State {
            &__m::Mocked::part::<#part>(mock).state
        }

        impl<__M: __m::Parts> #ident for __m::Mocked<__M>
        where
            __M::Contract: #ident,
            #condition
        {
            #(#of_trait)*
        }

        impl __m::HasMock for dyn #ident {
            type Mock = #mock;
        }
    }
}
