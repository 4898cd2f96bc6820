//! `async fn` as a function that returns a boxed future.
//!
//! In: a method, or an implementation as its author wrote it. Out: the same with every `async` taken out. It does not know
//! what crosses.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::with_lifetime;
use crate::syntax::{Implementation, Item, Method, Receiver, Waiting};

/// The lifetime of everything that a future borrows.
const LIFETIME: &str = "'__a";

/// `fn get<'__a>(&'__a self, key: &'__a str) -> Pin<Box<dyn Future<Output = R> + Send + '__a>>`
pub(super) fn signature(method: &Method, name: &TokenStream) -> TokenStream {
    let args = method.args.iter().map(|arg| {
        let (ident, ty) = (&arg.ident, with_lifetime(&arg.ty, LIFETIME));
        quote!(, #ident: #ty)
    });
    let this = super::contract::this(method);
    let receiver = match method.receiver {
        Receiver::Shared => quote!(&'__a #this),
        Receiver::Exclusive => quote!(&'__a mut #this),
    };
    let future = future(&method.ret, method.waiting);
    quote!(fn #name<'__a>(#receiver #(#args)*) -> #future)
}

/// What the method returns.
fn future(ret: &Type, waiting: Waiting) -> TokenStream {
    let ret = with_lifetime(ret, LIFETIME);
    let send = if waiting == Waiting::Local { quote!() } else { quote!(+ ::core::marker::Send) };
    quote! {
        ::core::pin::Pin<::std::boxed::Box<dyn ::core::future::Future<Output = #ret> #send + '__a>>
    }
}

/// A body as the future that runs it. The result's type is named, because `?` asks for it.
pub(super) fn body(ret: &Type, body: &TokenStream) -> TokenStream {
    let ret = with_lifetime(ret, LIFETIME);
    quote! {
        ::std::boxed::Box::pin(async move {
            let __result: #ret = #body;
            __result
        })
    }
}

/// Prints an implementation.
pub(crate) fn implementation(found: &Implementation) -> TokenStream {
    let Implementation { before, items, .. } = found;
    let items = items.iter().map(|item| match item {
        Item::Other(tokens) => tokens.clone(),
        Item::Async(method) => {
            let (attrs, name, receiver) = (&method.attrs, &method.name, &method.receiver);
            let args = method.args.iter().map(|(pattern, ty)| {
                let ty = with_lifetime(ty, LIFETIME);
                quote!(, #pattern: #ty)
            });
            let (future, body) = (future(&method.ret, method.waiting), body(&method.ret, &method.body));
            quote! {
                #(#attrs)*
                #[allow(clippy::let_and_return, clippy::let_unit_value, clippy::manual_async_fn, unreachable_code)]
                fn #name<'__a>(#receiver #(#args)*) -> #future {
                    #body
                }
            }
        }
    });
    quote!(#before { #(#items)* })
}
