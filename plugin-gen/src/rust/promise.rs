//! Assertions: that rustc finds what the lock file promised, wherever words alone cannot tell.
//!
//! In: a promise, each part with the finding it raises. Out: consts that fail to evaluate, with the finding's text, on the
//! words it is about.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::{names, pass};
use crate::lock::{Fingerprinted, Promise, Shown, Type, TypePromise};
use crate::report::Finding;
use crate::syntax::Contract;

/// The assertions of a contract.
pub(super) fn of_contract(contract: &Contract, promise: &Promise) -> TokenStream {
    let shown = promise.shown.iter().map(show);
    let conditional = promise.conditional.iter().map(|(cfgs, finding)| {
        let error = finding.to_compile_error();
        quote!(#(#cfgs)* const _: () = { #error };)
    });
    let methods = promise.methods.iter().map(|(at, locked)| method(contract, *at, locked));
    let unseen = promise.methods.keys().map(|at| {
        let (cfgs, cause) = (contract.methods[*at].cfgs(), names::cause(*at));
        quote!(#(#cfgs)* (#at, #cause == __p::SAID))
    });
    let types = promise.types.iter().map(|(name, ty, _)| promised_type(name, ty));
    let texts = promise.types.iter().map(|(.., text)| text);
    let package = package();
    let tables = (!promise.methods.is_empty()).then(|| {
        quote! {
            const __TYPES: &[__p::PromisedType] = &[#(#types),*];
            const __TEXTS: &[&::core::primitive::str] = &[#(#texts),*];
            const __COMPARED: &::core::primitive::str = #package;
            // One type that changed is in many methods: the first that names it speaks for all.
            const __UNSEEN: &[(::core::primitive::usize, ::core::primitive::bool)] = &[#(#unseen),*];
        }
    });
    quote! {
        #(#shown)*
        #(#conditional)*
        #tables
        #(#methods)*
    }
}

/// That a type shows as the lock shows it.
fn show(shown: &Shown) -> TokenStream {
    let Shown { cfgs, ty, text, unless, finding } = shown;
    let desc = pass::desc(ty);
    let unless = unless.iter().map(|(ty, text)| {
        let desc = pass::desc(ty);
        quote!(|| !__p::shows_as(#desc, #text))
    });
    let condition = quote!(__p::shows_as(#desc, #text) #(#unless)*);
    let holds = assertion(finding, &condition, &literal(finding));
    quote!(#(#cfgs)* #holds)
}

/// That a method hashes as the lock says, or that what changed in it is said elsewhere.
fn method(contract: &Contract, at: usize, locked: &Fingerprinted) -> TokenStream {
    let Fingerprinted { fingerprint, texts, finding } = locked;
    let method = &contract.methods[at];
    let cfgs: Vec<_> = method.cfgs().collect();
    let (print, shape, cause) = (names::print(at), names::shape(at), names::cause(at));
    let texts = texts.iter().map(|text| text.as_deref().unwrap_or_default());
    let text = finding.text();
    let told = quote!(__p::told(#cause, __TEXTS, #text));
    let holds = assertion(finding, &quote!(__p::first_false(__UNSEEN) != #at), &told);
    quote! {
        #(#cfgs)*
        const #cause: ::core::primitive::usize =
            __p::held(#print, #fingerprint, #shape, &[#(#texts),*], __TYPES, __COMPARED);
        #(#cfgs)*
        #holds
    }
}

/// The assertions of a derived type.
pub(super) fn of_type(promise: &TypePromise) -> TokenStream {
    let shown = promise.shown.iter().map(show);
    let tags = promise.tags.iter().map(|(at, tag, finding)| {
        let name = names::tag(*at);
        assertion(finding, &quote!(#name == #tag), &literal(finding))
    });
    quote!(#(#shown)* #(#tags)*)
}

/// What a descriptor says of the comparison.
pub(super) fn compared(promise: &TypePromise) -> TokenStream {
    if promise.compared { package() } else { quote!("") }
}

fn package() -> TokenStream {
    quote!(::core::concat!(::core::env!("CARGO_PKG_NAME"), "@", ::core::env!("CARGO_PKG_VERSION")))
}

fn literal(finding: &Finding) -> TokenStream {
    let text = finding.text();
    quote!(#text)
}

/// rustc underlines an assertion from its first token to its last. A literal has no place for a `{`, and the message may
/// quote one.
fn assertion(finding: &Finding, condition: &TokenStream, message: &TokenStream) -> TokenStream {
    let (start, end) = finding.spans();
    let holds = quote_spanned!(start=> ::core::assert!);
    let or_say = quote_spanned!(end=> (#condition, "{}", #message));
    quote!(const _: () = #holds #or_say;)
}

fn promised_type(name: &str, ty: &Type) -> TokenStream {
    let fields = |fields: &[crate::lock::Field]| {
        let fields = fields.iter().map(|field| {
            let (name, text) = (&field.name, &field.ty);
            quote!(__p::PromisedField { name: #name, text: #text })
        });
        quote!(&[#(#fields),*])
    };
    let kind = match ty {
        Type::Struct { sized: false, .. } => quote!(Struct),
        Type::Struct { sized: true, .. } => quote!(Sized),
        Type::Enum { open: false, .. } => quote!(Enum),
        Type::Enum { open: true, .. } => quote!(Open),
    };
    let (members, variants) = match ty {
        Type::Struct { fields: members, .. } => (fields(members), quote!(&[])),
        Type::Enum { variants, .. } => {
            let variants = variants.iter().map(|variant| {
                let (name, tag, fields) = (&variant.name, variant.tag, fields(&variant.fields));
                quote!(__p::PromisedVariant { name: #name, tag: #tag, fields: #fields })
            });
            (quote!(&[]), quote!(&[#(#variants),*]))
        }
    };
    quote!(__p::PromisedType { name: #name, kind: __p::Kind::#kind, fields: #members, variants: #variants })
}
