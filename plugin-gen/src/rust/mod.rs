//! Tokens out: what a contract, a type and an export expand to.
//!
//! In: checked trees. Out: tokens, always: what cannot be printed was refused before. It does not know files, clocks
//! or lock files; what was promised reaches it as [`Promise`]s.
//!
//! Generated code is a guest in somebody's crate: absolute paths, names that begin with `__`, everything but the names
//! a user wants inside `const _: () = { … }`, and no warning under the strictest lints.

mod asynchronous;
mod boxed;
mod contract;
mod descriptor;
mod export;
mod function;
mod generic;
mod kernel;
mod mock;
#[cfg(feature = "build")]
mod mockall;
mod names;
mod pass;
mod plain;
mod plugin_type;
mod promise;
mod shim;
#[cfg(feature = "cli")]
mod stand_in;
mod stub;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

use self::generic::Parameters;
use crate::syntax::{parts_mut, type_text};

pub(crate) use asynchronous::implementation;
pub(crate) use contract::emit as contract;
pub(crate) use export::emit as export;
pub(crate) use mock::emit as mock;
#[cfg(feature = "build")]
pub(crate) use mockall::{emit as mockall, unsaid};
pub(crate) use plugin_type::emit as plugin_type;
#[cfg(feature = "cli")]
pub(crate) use stand_in::{Noted, NotedMethod, StandIn, emit as stand_in};

/// That a type lends as many texts and slices as its tokens show. An alias could hide one, with a lifetime that says it
/// lives longer than the call.
fn lends(ty: &Type, shown: usize, problem: &str) -> TokenStream {
    let desc = pass::desc(ty);
    let message = format!(
        "[P013] {problem}: an alias in `{}` hides it\nhelp: write out what is borrowed: `&str`, `&[T]`, `Sink<'_>`, `Box<dyn Iterator<Item = T> + '_>`",
        type_text(ty)
    );
    quote_spanned!(first_span(ty)=> ::core::assert!(__p::borrows(#desc) == #shown, "{}", #message))
}

/// What a base has as a contract: with the span of its word, which may name a trait that is none.
fn as_contract(base: &syn::Path) -> TokenStream {
    quote_spanned!(first_span(base)=> <dyn #base as __p::Contract>)
}

/// The lints that generated code is not asked about.
fn silence() -> TokenStream {
    quote! {
        #[allow(
            unknown_lints, warnings, missing_docs, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery,
            clippy::restriction
        )]
    }
}

fn first_span(tokens: &impl ToTokens) -> Span {
    tokens.to_token_stream().into_iter().next().map_or_else(Span::call_site, |token| token.span())
}

fn last_span(tokens: &impl ToTokens) -> Span {
    tokens.to_token_stream().into_iter().last().map_or_else(Span::call_site, |token| token.span())
}

/// `Copy` for a struct or union of the generator's own. Not derived: a field that cannot cross would be refused by every
/// derive once more.
fn copy(name: &TokenStream) -> TokenStream {
    copy_generic(name, &Parameters::none())
}

/// The same for one with parameters.
fn copy_generic(name: &TokenStream, parameters: &Parameters) -> TokenStream {
    let Parameters { declared, used, condition, .. } = parameters;
    quote! {
        impl #declared __p::Clone for #name #used #condition {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl #declared __p::Copy for #name #used #condition {}
    }
}

/// The type with every reference made `'static`, for places where a lifetime must be named and none is meant.
fn with_static(ty: &Type) -> TokenStream {
    with_lifetime(ty, "'static")
}

/// The type with this lifetime in every place where one is left out, or stands as `'_`.
fn with_lifetime(ty: &Type, lifetime: &str) -> TokenStream {
    fn visit(ty: &mut Type, lifetime: &syn::Lifetime) {
        match ty {
            Type::Reference(reference) => reference.lifetime = Some(lifetime.clone()),
            Type::TraitObject(object) => {
                for bound in &mut object.bounds {
                    if let syn::TypeParamBound::Lifetime(bound) = bound
                        && bound.ident == "_"
                    {
                        *bound = lifetime.clone();
                    }
                }
            }
            Type::Path(path) => {
                for segment in &mut path.path.segments {
                    if let syn::PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                        for argument in &mut arguments.args {
                            if let syn::GenericArgument::Lifetime(argument) = argument
                                && argument.ident == "_"
                            {
                                *argument = lifetime.clone();
                            }
                        }
                    }
                }
            }
            _ => {}
        }
        for part in parts_mut(ty) {
            visit(part, lifetime);
        }
    }
    let mut ty = ty.clone();
    visit(&mut ty, &syn::Lifetime::new(lifetime, Span::call_site()));
    quote!(#ty)
}
