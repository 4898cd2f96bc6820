//! The library that `mock-so` builds: an export whose calls go to the test process, and the control that says where.
//!
//! In: a contract by its path, and what the note shall say of it. Out: the library's one source. It does not know what is
//! expected of the contract; that is in the test.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::descriptor;

/// A library to be printed.
pub(crate) struct StandIn<'a> {
    /// The crate's name, as in `mock_acme_store`.
    pub(crate) crate_name: &'a str,
    /// The contract's crate, as in `store_contract`.
    pub(crate) library: &'a str,
    /// The trait, as in `::store_contract::Store`.
    pub(crate) path: TokenStream,
    /// What the note says of the contract, when that is not the truth.
    pub(crate) noted: Option<Noted>,
}

/// A contract as it is not.
pub(crate) struct Noted {
    /// Its version.
    pub(crate) version: String,
    /// How many methods there are in truth.
    pub(crate) of: usize,
    /// Those that there shall be.
    pub(crate) methods: Vec<NotedMethod>,
}

/// A method in the note.
pub(crate) struct NotedMethod {
    /// Its place among those that there are.
    pub(crate) at: usize,
    /// What it returns instead, and the signature that follows.
    pub(crate) returns: Option<(TokenStream, String)>,
}

/// Prints the library.
pub(crate) fn emit(library: &StandIn<'_>) -> TokenStream {
    let StandIn { crate_name, library, path, noted } = library;
    let symbol = format!("{}{crate_name}", plugin_abi::name::ENTRY_PREFIX);
    let control = format!("{}{crate_name}", plugin_abi::name::MOCK_PREFIX);
    let (entry, control) = (Ident::new(&symbol, Span::call_site()), Ident::new(&control, Span::call_site()));
    let (changed, desc) = match noted {
        None => (TokenStream::new(), quote!(<__Contract as __p::Contract>::DESC)),
        Some(noted) => (changed(noted, &Ident::new(library, Span::call_site())), quote!(&__NOTED)),
    };
    let note = descriptor::note(
        plugin_abi::name::NOTE_SECTION,
        &quote!(__p::RecordKind::Exports),
        &quote!(#symbol),
        &desc,
    );
    quote! {
        const _: () = {
            use ::plugin_contracts::__private as __p;
            type __Contract = dyn #path;

            // A test programs the library by a mock of the same contract.
            const fn __has_mock<__C: ?::core::marker::Sized + ::plugin_contracts::mock::__private::HasMock>() {}
            const _: () = __has_mock::<__Contract>();

            #changed
            #note

            // SAFETY: the table is that of the contract's relay.
            #[unsafe(no_mangle)]
            pub static #entry: __p::Export = unsafe {
                __p::export_mock::<__Contract>(#crate_name, const { &[__p::ContractTable::relayed::<__Contract>()] })
            };

            #[unsafe(no_mangle)]
            pub static #control: __p::Control = __p::Control::new();
        };
    }
}

/// The contract's descriptor, changed. Types that somebody wrote mean what they mean at the root of the contract's crate.
fn changed(noted: &Noted, library: &Ident) -> TokenStream {
    let Noted { version, of, methods } = noted;
    let methods = methods.iter().map(|NotedMethod { at, returns }| match returns {
        None => quote!(__ALL[#at]),
        Some((ty, signature)) => quote!({
            const __SHAPE: &__p::Shape = &__p::Shape {
                ret: {
                    #[allow(unused_imports)]
                    use ::#library::*;
                    <#ty as ::plugin_contracts::__private::PluginType>::DESC
                },
                ..*__ALL[#at].shape
            };
            __p::MethodDesc {
                signature: #signature,
                shape: __SHAPE,
                mentions: &[],
                fingerprint: __p::Fingerprint::of_method(__SHAPE, __TRUE.send, __TRUE.sync),
                ..__ALL[#at]
            }
        }),
    });
    quote! {
        const __TRUE: &__p::ContractDesc = <__Contract as __p::Contract>::DESC;
        const __ALL: &[__p::MethodDesc] = __TRUE.methods;
        const _: () = ::core::assert!(__ALL.len() == #of, "the contract has changed since it was looked at");
        const __METHODS: &[__p::MethodDesc] = &[#(#methods),*];
        static __NOTED: __p::ContractDesc = __p::ContractDesc {
            version: #version,
            methods: __METHODS,
            fingerprint: __p::Fingerprint::of_contract(__METHODS),
            ..*__TRUE
        };
    }
}
