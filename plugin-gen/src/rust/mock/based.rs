//! The mock of a contract that is built on others, and what a contract's mock is to those that are built on it.
//!
//! In: a contract. Out: for one with bases a part with a slot a method, the mocks of its bases in it, and the trait for every
//! mock that has the part; for one without, its trait for every mock that holds its own. What no macro sees, the methods of
//! others, is left to theirs.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::contract::{signature, this};
use super::super::{first_span, names as all, silence};
use super::form::Forms;
use super::names::Names;
use super::{mock_method, mocked, own_functions, sinces, slot, slot_type, version};
use crate::syntax::{Contract, Receiver};

/// The mock of a contract that is built on others: in the crate of the trait only.
pub(super) fn emit(contract: &Contract) -> TokenStream {
    let Contract { ident, vis, bases, .. } = contract;
    let (krate, id) = (&contract.arguments.krate, &contract.arguments.id);
    let (mock, part, form, silence) = (all::mock(ident), all::mock_part(ident), all::form(ident), silence());
    let private = quote!(#krate::mock::__private);
    let mut names = Names::new(contract);
    let mut forms = Forms::new(form.clone());
    let methods = mocked(contract, &mut names, &mut forms);
    let forms = forms.emit();
    let types = methods.iter().map(|mocked| slot_type(mocked, &private));
    let slots = methods.iter().map(slot);
    let own = methods.iter().map(own_functions);
    let fields: Vec<_> = (0..bases.len()).map(all::base).collect();
    let mocks: Vec<_> = bases
        .iter()
        .map(|base| quote::quote_spanned!(first_span(base)=> <dyn #base as #private::HasMock>::Mock))
        .collect();
    let each: Vec<_> =
        methods.iter().map(|super::Mocked { cfgs, field, .. }| quote!(#(#cfgs)* &self.#field)).collect();
    let clears = methods
        .iter()
        .map(|super::Mocked { cfgs, field, .. }| quote!(#(#cfgs)* __m::Verify::clear(&mut self.#field);));
    let (latest, sinces) = (version(contract.arguments.version), sinces(&methods, quote!(self)));
    let of_trait = methods.iter().map(|mocked| mock_method(contract, mocked, Some(&part)));
    let supertraits = &contract.supertraits;
    let (name, doc) = (
        mock.to_string(),
        format!(
            "A mock of [`{ident}`] and of what it is built on: a call that nobody expects panics, and dropping the mock verifies that every expectation was met."
        ),
    );
    quote! {
        #[doc = #doc]
        #silence
        #vis type #mock = #private::Mocked<#part>;

        #[doc(hidden)]
        #silence
        #vis struct #part {
            state: #private::State,
            #(#types,)*
            #(#fields: #mocks,)*
        }

        #[doc(hidden)]
        #silence
        #vis struct #form<const __AT: usize>;

        #silence
        const _: () = {
            use #private as __m;

            #forms

            impl #part {
                #(#own)*
            }

            impl __m::Part for #part {
                fn verify(&self) -> ::core::result::Result<(), __m::MockReport> {
                    self.state.verify(&[#(#each),*])
                }

                fn clear(&mut self) {
                    #(#clears)*
                    self.state.checkpoint(::core::result::Result::Ok(()));
                }

                fn state(&mut self) -> &mut __m::State {
                    &mut self.state
                }

                fn bases(&self) -> ::std::vec::Vec<&dyn __m::Part> {
                    ::std::vec![#(&self.#fields),*]
                }

                fn bases_mut(&mut self) -> ::std::vec::Vec<&mut dyn __m::Part> {
                    ::std::vec![#(&mut self.#fields),*]
                }
            }

            impl __m::Parts for #part {
                fn new() -> Self {
                    Self {
                        state: __m::State::new(#name, #id, (::core::file!(), ::core::line!(), ::core::column!())),
                        #(#slots,)*
                        #(#fields: ::core::default::Default::default(),)*
                    }
                }

                fn at_version(&mut self, version: &::core::primitive::str) {
                    let __version = __m::Version::of(version, #latest);
                    #(#sinces)*
                }
            }

            impl<__M: __m::Parts> #ident for __m::Mocked<__M>
            where
                __m::Mocked<__M>: #supertraits,
            {
                #(#of_trait)*
            }

            impl __m::HasMock for dyn #ident {
                type Mock = #mock;
            }
        };
    }
}

/// What the mock of a contract without bases is to those that are built on it: a part of theirs.
pub(super) fn as_base(contract: &Contract) -> TokenStream {
    let ident = &contract.ident;
    let krate = &contract.arguments.krate;
    let (mock, silence) = (all::mock(ident), silence());
    let mut names = Names::new(contract);
    // The names that the mock has for its own.
    let [.., verify, _] = ["new", "lenient", "wrapping", "at_version", "without_log", "verify", "checkpoint"]
        .map(|name| names.fixed(name));
    let clears = contract.methods.iter().enumerate().map(|(at, method)| {
        let (cfgs, field) = (method.cfgs(), all::field(at));
        quote!(#(#cfgs)* __m::Verify::clear(&mut self.#field);)
    });
    let methods = contract.methods.iter().map(|method| {
        let (cfgs, name, this) = (method.cfgs(), &method.ident, this(method));
        let signature = signature(method, &quote!(#name));
        let args = method.args.iter().map(|arg| &arg.ident);
        let part = match method.receiver {
            Receiver::Shared => quote!(part),
            Receiver::Exclusive => quote!(part_mut),
        };
        quote! {
            #(#cfgs)*
            #[track_caller]
            #signature {
                #ident::#name(__m::Mocked::#part::<#mock>(#this) #(, #args)*)
            }
        }
    });
    let supertraits = &contract.supertraits;
    let condition = (!supertraits.is_empty()).then(|| quote!(where __m::Mocked<__M>: #supertraits));
    quote! {
        #silence
        const _: () = {
            use #krate::mock::__private as __m;

            impl __m::Part for #mock {
                fn verify(&self) -> ::core::result::Result<(), __m::MockReport> {
                    self.#verify()
                }

                fn clear(&mut self) {
                    #(#clears)*
                    self.state.checkpoint(::core::result::Result::Ok(()));
                }

                fn state(&mut self) -> &mut __m::State {
                    &mut self.state
                }
            }

            impl<__M: __m::Parts> #ident for __m::Mocked<__M> #condition {
                #(#methods)*
            }

            impl __m::HasMock for dyn #ident {
                type Mock = #mock;
            }
        };
    }
}
