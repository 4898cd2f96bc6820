//! A plugin's one exported static, and the note that names it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::{descriptor, silence};
use crate::syntax::Export;

/// Prints the export of the crate with this name.
#[must_use]
pub(crate) fn emit(export: &Export, crate_name: &str) -> TokenStream {
    let Export { lent, contracts, constructor } = export;
    let symbol = format!("{}{crate_name}", plugin_abi::name::ENTRY_PREFIX);
    let entry = Ident::new(&symbol, Span::call_site());
    let silence = silence();
    let descs = quote!(#(<#contracts as __p::Contract>::DESC),*);
    // Unit tests of the crate have no host.
    let allocator = lent.then(|| {
        quote! {
            #[cfg(not(test))]
            #[global_allocator]
            static __ALLOCATOR: __p::LentAllocator = __p::LentAllocator;
        }
    });
    let export = quote!(__export(#constructor));
    let export =
        if *lent { quote!(if ::core::cfg!(test) { #export } else { #export.lent() }) } else { export };
    let note = descriptor::note(
        plugin_abi::name::NOTE_SECTION,
        &quote!(__p::RecordKind::Exports),
        &quote!(#symbol),
        &descs,
    );
    quote! {
        #silence
        const _: () = {
            use ::plugin_contracts::__private as __p;
            #note
            #allocator

            const fn __export<__T, __E>(__constructor: __p::Constructor<__T, __E>) -> __p::Export
            where
                __T: 'static,
                __E: __p::Display,
                #(#contracts: __p::ExportOf<__T>,)*
            {
                // SAFETY: the tables are those of `__T`.
                unsafe { __p::Export::new(#crate_name, const { &[#(__p::ContractTable::of::<#contracts, __T>()),*] }, __constructor) }
            }

            #[unsafe(no_mangle)]
            pub static #entry: __p::Export = #export;
        };
    }
}
