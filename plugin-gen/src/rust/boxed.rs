//! A derived type that may grow: its fields lie in a box, so that its wire form has one size for ever.
//!
//! In: a struct that is sized or an enum that is open. Out: the parts of its implementation of `PluginType`. It does not
//! know what the other side knows: how many fields arrive, and of which variant, is seen when they do.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

use super::generic::Parameters;
use super::pass::{self, crossing};
use super::plugin_type::{
    Give, Parts, descriptors, descriptors_of, idents, payloads, tags, takes, values, wire_struct,
};
use super::{first_span, names};
use crate::syntax::{Fields, PluginType, Variant};

pub(super) fn of_sized(ty: &PluginType, fields: &Fields, parameters: &Parameters) -> Parts {
    let Parameters { used, turbofish, marked, .. } = parameters;
    let (name, payload) = (&ty.name, format_ident!("__Fields"));
    let (items, members) = (
        payload_struct(&quote!(#payload), fields, parameters),
        fields.iter().map(|field| &field.member).collect::<Vec<_>>(),
    );
    let (idents, parts) =
        (idents(fields).collect::<Vec<_>>(), (0..fields.len()).map(names::part).collect::<Vec<_>>());
    let (moved, forms) = (Give::Moved.forms(fields), Give::Lent.forms(fields));
    let filled = if fields.is_empty() {
        quote!(__p::SizedAbi::EMPTY)
    } else {
        quote!(__p::SizedAbi::new(#payload #turbofish { #(#idents: #moved,)* #marked }))
    };
    let lent = if fields.is_empty() {
        quote!(__p::SizedAbi::EMPTY)
    } else {
        quote! {
            let __fields = #payload #turbofish { #(#idents: #forms,)* #marked };
            __p::SizedAbi::lent(__fields, __mirrors)
        }
    };
    let takes = fields.iter().zip(&parts).enumerate().map(|(at, (field, part))| {
        let (at, ty) = (at as u32, pass::carried(&field.ty));
        quote! {
            // SAFETY: the caller promises a wire form of this type, and each field of it is asked for once.
            let #part = unsafe { __taken.field::<#ty>(#at) };
        }
    });
    let built = fields.iter().zip(&parts).map(|(field, part)| {
        let (member, ty) = (&field.member, &field.ty);
        if field.optional {
            // With the span of the type, which may have no default.
            let default = quote_spanned!(first_span(ty)=> <#ty as __p::Default>::default());
            let value = pass::unwrap(ty, &quote!(__value));
            quote!(#member: match #part? { __p::Some(__value) => #value, __p::None => #default })
        } else {
            let value = pass::unwrap(ty, &quote!(#part?.ok_or(__missing)?));
            quote!(#member: #value)
        }
    });
    let required = fields.iter().filter(|field| !field.optional).count() as u32;
    Parts {
        items: quote! {
            use __p::SizedAbi as __Wire;
            #items
        },
        wire: quote!(__Wire),
        kind: quote!(Sized),
        members: descriptors(fields, &quote!(#payload #used)),
        variants: quote!(&[]),
        into: quote! {
            let Self { #(#members: #parts),* } = self;
            #filled
        },
        lend: quote! {
            let Self { #(#members: #parts),* } = self;
            #lent
        },
        more: quote!(),
        from: quote! {
            let __missing = __p::Invalid::Fields { name: #name, found: __wire.fields, expected: #required };
            // SAFETY: the caller promises a wire form of this type, and it is not used again.
            let __taken = unsafe { __wire.take::<#payload #used>() }?;
            #(#takes)*
            __p::Ok(Self { #(#built),* })
        },
    }
}

pub(super) fn of_open(ty: &PluginType, variants: &[Variant], parameters: &Parameters) -> Parts {
    let structs = payloads(variants)
        .map(|(payload, variant)| payload_struct(&quote!(#payload), &variant.fields, parameters));
    let tags = tags(&ty.discriminant, variants);
    let into = |way| {
        variants.iter().enumerate().map(move |(at, variant)| into_variant(at, variant, parameters, way))
    };
    let (intos, lends) = (into(Give::Moved), into(Give::Lent));
    let froms =
        variants.iter().enumerate().map(|(at, variant)| from_variant(&ty.name, at, variant, parameters));
    Parts {
        items: quote! {
            use __p::OpenAbi as __Wire;
            #tags
            #(#structs)*
        },
        wire: quote!(__Wire),
        kind: quote!(Open),
        members: quote!(&[]),
        variants: descriptors_of(variants, parameters),
        into: quote! {
            match self {
                #(#intos)*
                Self::Unknown(__tag) => __p::OpenAbi::empty(__tag),
            }
        },
        lend: quote! {
            match self {
                #(#lends)*
                Self::Unknown(__tag) => __p::OpenAbi::empty(*__tag),
            }
        },
        more: quote!(),
        from: quote! {
            match __wire.tag {
                #(#froms)*
                __tag => {
                    // SAFETY: the caller promises a wire form of this type, and it is not used again.
                    unsafe { __wire.discard() }?;
                    __p::Ok(Self::Unknown(__tag))
                }
            }
        },
    }
}

fn into_variant(at: usize, variant: &Variant, parameters: &Parameters, way: Give) -> TokenStream {
    let Parameters { turbofish, marked, .. } = parameters;
    let (ident, tag, payload) = (&variant.ident, names::tag(at), names::payload(at));
    let members = variant.fields.iter().map(|field| &field.member);
    let parts: Vec<_> = (0..variant.fields.len()).map(names::part).collect();
    let idents = idents(&variant.fields);
    let filled = if variant.fields.is_empty() {
        quote!(__p::OpenAbi::empty(#tag))
    } else {
        let forms = way.forms(&variant.fields);
        let fields = quote!(#payload #turbofish { #(#idents: #forms,)* #marked });
        match way {
            Give::Moved => quote!(__p::OpenAbi::new(#tag, #fields)),
            Give::Lent => quote!({
                let __fields = #fields;
                __p::OpenAbi::lent(#tag, __fields, __mirrors)
            }),
        }
    };
    quote!(Self::#ident { #(#members: #parts),* } => #filled,)
}

fn from_variant(name: &str, at: usize, variant: &Variant, parameters: &Parameters) -> TokenStream {
    let used = &parameters.used;
    let (ident, tag, payload) = (&variant.ident, names::tag(at), names::payload(at));
    let name = format!("{name}::{}", variant.name());
    if variant.fields.is_empty() {
        return quote! {
            #tag => {
                // SAFETY: the caller promises a wire form of this type, and it is not used again.
                unsafe { __wire.take_none(#name) }?;
                __p::Ok(Self::#ident {})
            }
        };
    }
    let values = values(&variant.fields);
    let members = variant.fields.iter().map(|field| &field.member);
    let takes = takes(&variant.fields, &quote!(__fields));
    quote! {
        #tag => {
            // SAFETY: the tag says whose fields were sent; the caller promises the rest.
            let __fields = unsafe { __wire.take::<#payload #used>(#name) }?;
            #takes
            __p::Ok(Self::#ident { #(#members: #values),* })
        }
    }
}

/// The mirror of fields in a box, and how what the receiver leaves of them is dropped.
fn payload_struct(name: &TokenStream, fields: &Fields, parameters: &Parameters) -> TokenStream {
    let Parameters { declared, used, condition, .. } = parameters;
    let wire = wire_struct(name, fields, parameters);
    let ends = fields.iter().map(|field| {
        let (ident, form) = (&field.ident, pass::wire(&field.ty));
        quote!(::core::mem::offset_of!(#name #used, #ident) + ::core::mem::size_of::<#form>())
    });
    let drops = fields.iter().enumerate().map(|(at, field)| {
        let (next, ident, crossing) = (at as u32 + 1, &field.ident, crossing(&field.ty));
        quote! {
            if __taken < #next {
                // SAFETY: the caller promises that the field was not moved out.
                __p::drop(unsafe { #crossing::from_abi(self.#ident) });
            }
        }
    });
    quote! {
        #wire
        // SAFETY: the ends are those of the fields of the struct above, in their order; a wire form of this side's own
        // becomes the value again that it was, and what the derive takes apart has no destructor of its own.
        unsafe impl #declared __p::Payload for #name #used #condition {
            const ENDS: &'static [usize] = &[#(#ends),*];

            unsafe fn discard(self, __taken: u32) {
                #(#drops)*
            }
        }
    }
}
