//! A derived type that is plain data: its bytes are its wire form.
//!
//! In: a struct of numbers, arrays and other plain structs. Out: the parts of its implementation of `PluginType`, and the
//! assertions that make it true. It does not know the fields' types: rustc does.

use quote::{ToTokens as _, quote, quote_spanned};

use super::plugin_type::{Parts, descriptors_at};
use super::{first_span, last_span};
use crate::syntax::{Fields, PluginType};

pub(super) fn of_plain(ty: &PluginType, fields: &Fields) -> Parts {
    let ident = &ty.ident;
    let plain = fields.iter().map(|field| {
        let ty = &field.ty;
        // With the span of the type, which may be none.
        let is = quote_spanned!(first_span(ty)=> __is::<);
        let end = quote_spanned!(last_span(ty)=> >());
        quote!(#is #ty #end;)
    });
    let types = fields.iter().map(|field| &field.ty);
    let message = format!(
        "[P025] `{}` is plain, and has padding: bytes without a value cannot be shared\nhelp: let the largest fields stand first, and fill up with a field such as `_reserved: [u8; 3]`",
        ty.name
    );
    Parts {
        items: quote! {
            type __Wire = #ident;
            const _: fn() = || {
                fn __is<__T: __p::Plain>() {}
                #(#plain)*
            };
            const _: () = ::core::assert!(
                ::core::mem::size_of::<#ident>() == 0 #(+ ::core::mem::size_of::<#types>())*,
                "{}",
                #message
            );
            // SAFETY: it is `repr(C)`, its fields are plain, and there is no padding: all of it was asserted.
            unsafe impl __p::Plain for #ident {}
        },
        wire: quote!(__Wire),
        kind: quote!(Plain),
        members: descriptors_at(fields, &quote!(__Wire), |field| field.member.to_token_stream()),
        variants: quote!(&[]),
        into: quote!(self),
        lend: quote!(*self),
        from: quote!(__p::Ok(__wire)),
        more: quote! {
            fn vec_lend(__items: &[Self], _: &mut __p::Mirrors) -> __p::RawVec<Self> {
                __p::RawVec::lent(__items)
            }

            unsafe fn slice_from_abi<'__a>(
                __raw: __p::RawSlice<Self>,
            ) -> __p::Result<__p::Elements<'__a, Self>, __p::Invalid> {
                // SAFETY: the caller's promise is the same.
                unsafe { __raw.borrow() }.map(__p::Elements::Lent)
            }

            fn vec_into_abi(__items: __p::Vec<Self>) -> __p::RawVec<Self> {
                __p::RawVec::from_vec(__items)
            }

            unsafe fn vec_from_abi(__raw: __p::RawVec<Self>) -> __p::Result<__p::Vec<Self>, __p::Invalid> {
                // SAFETY: the caller promises that it is a vector's wire form, used here only.
                unsafe { __raw.take() }
            }
        },
    }
}
