//! Assertions: that rustc finds what the lock file promised, wherever words alone cannot tell.
//!
//! In: a promise, each part with the finding it raises. Out: consts that fail to evaluate, with the finding's text, on the
//! words it is about.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::descriptor::threads;
use super::{names, pass};
use crate::lock::{Based, Fingerprinted, Inherited, Promise, Shown, StructForm, Type, TypePromise};
use crate::report::Finding;
use crate::syntax::Contract;

/// The assertions of a contract.
pub(super) fn of_contract(contract: &Contract, promise: &Promise) -> TokenStream {
    let shown = promise.shown.iter().map(show);
    let based = promise.based.as_ref().map(|based| of_bases(contract, based));
    let bound = promise.based.is_some();
    let conditional = promise.conditional.iter().map(|(cfgs, finding)| {
        let error = finding.to_compile_error();
        quote!(#(#cfgs)* const _: () = { #error };)
    });
    let methods = promise.methods.iter().map(|(at, locked)| method(contract, *at, locked, bound));
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
        #based
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

/// That the bases are those that were promised, and bring what they did.
fn of_bases(contract: &Contract, based: &Based) -> TokenStream {
    let Based { ids, rebased, bounds: (bounds, unbound), .. } = based;
    let (send, sync) = threads(contract);
    let (promised_send, promised_sync) = (bounds.send, bounds.sync);
    let methods = based.methods.iter().map(|method| {
        let Inherited { name, from, fingerprint, said, gone, changed } = method;
        let is_there =
            assertion(gone, &quote!(!__p::is_gone(__BASES, __PROMISED, __REBASED)), &literal(gone));
        let is_kept = assertion(
            changed,
            &quote!(!__BOUND || !__p::has_changed(__BASES, __PROMISED)),
            &literal(changed),
        );
        quote! {
            const _: () = {
                const __PROMISED: &__p::PromisedMethod =
                    &__p::PromisedMethod { name: #name, from: #from, fingerprint: #fingerprint, said: #said };
                #is_there
                #is_kept
            };
        }
    });
    let are_those =
        rebased.as_ref().map(|rebased| assertion(rebased, &quote!(!__REBASED), &literal(rebased)));
    let are_bound = assertion(unbound, &quote!(__BOUND), &literal(unbound));
    let Based { names, speaking, added, .. } = based;
    let speaking = speaking.iter().map(|(id, names)| quote!((#id, &[#(#names),*])));
    let text = added.text();
    let (before, after) = text.split_once(Based::ADDED).unwrap_or((&text, ""));
    let none_added = assertion(
        added,
        &quote!(__ADDED.is_empty()),
        &quote!(__p::Written::of(&[#before, __ADDED, #after]).text()),
    );
    quote! {
        const __ADDED: &::core::primitive::str = if __REBASED {
            ""
        } else {
            __p::added(__BASES, &[#(#names),*], &[#(#speaking),*])
        };
        #none_added
        const __REBASED: ::core::primitive::bool = !__p::are_bases(__BASES, &[#(#ids),*]);
        const __BOUND: ::core::primitive::bool = (#send) == #promised_send && (#sync) == #promised_sync;
        #are_those
        #are_bound
        #(#methods)*
    }
}

/// That a method hashes as the lock says, or that what changed in it is said elsewhere.
fn method(contract: &Contract, at: usize, locked: &Fingerprinted, bound: bool) -> TokenStream {
    let Fingerprinted { fingerprint, texts, finding } = locked;
    let method = &contract.methods[at];
    let cfgs: Vec<_> = method.cfgs().collect();
    let (print, shape, cause) = (names::print(at), names::shape(at), names::cause(at));
    let texts = texts.iter().map(|text| text.as_deref().unwrap_or_default());
    let text = finding.text();
    let told = quote!(__p::told(#cause, __TEXTS, #text));
    let held = quote!(__p::held(#print, #fingerprint, #shape, &[#(#texts),*], __TYPES, __COMPARED));
    // Bounds are in every fingerprint, and were spoken of.
    let held = if bound { quote!(if __BOUND { #held } else { __p::SAID }) } else { held };
    let holds = assertion(finding, &quote!(__p::first_false(__UNSEEN) != #at), &told);
    quote! {
        #(#cfgs)*
        const #cause: ::core::primitive::usize = #held;
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
        Type::Struct { form: StructForm::Mirrored, .. } => quote!(Struct),
        Type::Struct { form: StructForm::Sized, .. } => quote!(Sized),
        Type::Struct { form: StructForm::Plain, .. } => quote!(Plain),
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
