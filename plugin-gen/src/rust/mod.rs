//! Tokens out: what a contract, a type and an export expand to.
//!
//! In: checked trees. Out: tokens, always: what cannot be printed was refused before. It does not know files, clocks
//! or lock files; what was promised reaches it as [`Promise`]s.
//!
//! Generated code is a guest in somebody's crate: absolute paths, names that begin with `__`, everything but the names
//! a user wants inside `const _: () = { … }`, and no warning under the strictest lints.

mod boxed;
mod contract;
mod descriptor;
mod export;
mod mock;
mod names;
mod plugin_type;
mod promise;
mod shim;
mod stub;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

use crate::syntax::type_text;

pub(crate) use contract::emit as contract;
pub(crate) use export::emit as export;
pub(crate) use mock::emit as mock;
pub(crate) use plugin_type::emit as plugin_type;

/// That a type lends as many texts and slices as its tokens show. An alias could hide one, with a lifetime that says it
/// lives longer than the call.
fn lends(ty: &Type, shown: usize, problem: &str) -> TokenStream {
    let crossing = crossing(ty);
    let message = format!(
        "[P013] {problem}: an alias in `{}` hides it\nhelp: write `&str`, `&[T]` or `Sink<'_>` out, in an argument",
        type_text(ty)
    );
    quote_spanned!(first_span(ty)=> const _: () = ::core::assert!(__p::borrows(#crossing::DESC) == #shown, "{}", #message);)
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

/// `<T as PluginType>`, with the span of what the author wrote: a type that cannot cross is underlined where it stands.
fn crossing(ty: &Type) -> TokenStream {
    let open = quote_spanned!(first_span(ty)=> <);
    let close = quote_spanned!(last_span(ty)=> as __p::PluginType>);
    let ty = with_static(ty);
    quote!(#open #ty #close)
}

/// The wire form of a type.
fn wire(ty: &Type) -> TokenStream {
    let crossing = crossing(ty);
    let form = quote_spanned!(last_span(ty)=> ::Abi);
    quote!(#crossing #form)
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
    quote! {
        impl __p::Clone for #name {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl __p::Copy for #name {}
    }
}

/// The type with every reference made `'static`, for places where a lifetime must be named and none is meant.
fn with_static(ty: &Type) -> TokenStream {
    fn forever() -> syn::Lifetime {
        syn::Lifetime::new("'static", Span::call_site())
    }
    fn visit(ty: &mut Type) {
        match ty {
            Type::Reference(reference) => {
                reference.lifetime = Some(forever());
                visit(&mut reference.elem);
            }
            Type::Slice(slice) => visit(&mut slice.elem),
            Type::Array(array) => visit(&mut array.elem),
            Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(visit),
            Type::Paren(inner) => visit(&mut inner.elem),
            Type::Group(inner) => visit(&mut inner.elem),
            Type::Path(path) => {
                for segment in &mut path.path.segments {
                    if let syn::PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                        for argument in &mut arguments.args {
                            match argument {
                                syn::GenericArgument::Type(ty) => visit(ty),
                                syn::GenericArgument::Lifetime(lifetime) => *lifetime = forever(),
                                _ => {}
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let mut ty = ty.clone();
    visit(&mut ty);
    quote!(#ty)
}
