//! A derived type's parameters: how what is printed beside it is declared and named.
//!
//! In: the parameters as they were written. Out: tokens, all of them empty where there are none. It does not know what stands
//! between them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Generics, Ident};

/// The parameters of a type, each a `PluginType`.
pub(super) struct Parameters {
    /// `<T: Ord + PluginType>`
    pub(super) declared: TokenStream,
    /// `<T>`
    pub(super) used: TokenStream,
    /// `::<T>`, in an expression.
    pub(super) turbofish: TokenStream,
    /// `where …`
    pub(super) condition: TokenStream,
    /// A field that uses each of them, because a variant's fields need not.
    pub(super) marker: TokenStream,
    /// That field's value.
    pub(super) marked: TokenStream,
    /// Their names.
    pub(super) idents: Vec<Ident>,
}

impl Parameters {
    pub(super) fn of(generics: &Generics) -> Self {
        let idents: Vec<_> = generics.type_params().map(|param| param.ident.clone()).collect();
        let mut generics = generics.clone();
        for param in generics.type_params_mut() {
            param.bounds.push(syn::parse_quote!(__p::PluginType));
        }
        let (declared, used, condition) = generics.split_for_impl();
        let turbofish = used.as_turbofish();
        let (marker, marked) = if idents.is_empty() {
            (quote!(), quote!())
        } else {
            (quote!(__of: __p::PhantomData<fn() -> (#(#idents,)*)>,), quote!(__of: __p::PhantomData,))
        };
        Self {
            declared: quote!(#declared),
            used: quote!(#used),
            turbofish: quote!(#turbofish),
            condition: quote!(#condition),
            marker,
            marked,
            idents,
        }
    }

    /// Those of a type that has none.
    pub(super) fn none() -> Self {
        Self::of(&Generics::default())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.idents.is_empty()
    }
}
