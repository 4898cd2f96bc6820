//! A contract: the trait as it was written, and behind it everything that makes it cross.

use proc_macro2::TokenStream;
use quote::quote;

use super::{asynchronous, descriptor, function, kernel, mock, names, pass, shim, silence, stub};
use crate::lock::Promise;
use crate::syntax::{Contract, Method, Waiting};

/// Prints a contract. Each method comes with what the lock file promised of it, if anything.
#[must_use]
pub(crate) fn emit(contract: &Contract, promise: &Promise) -> TokenStream {
    let krate = &contract.arguments.krate;
    let the_trait = the_trait(contract);
    let defaults = defaults(contract);
    let silence = silence();
    let descriptor = descriptor::emit(contract, promise);
    let stub = stub::emit(contract);
    let shim = shim::emit(contract);
    let functions = function::emit(contract);
    let (kernel, hooks) = (kernel::emit(contract), kernel::hooks(contract));
    // Where nothing is lent, nobody would ask for it.
    let no_contract = pass::lends_objects(contract).then(|| {
        quote!(
            use __p::NoContract as _;
        )
    });
    let mock = if contract.arguments.mock { mock::emit_gated(contract) } else { TokenStream::new() };
    quote! {
        #the_trait
        #defaults
        #silence
        const _: () = {
            use #krate::__private as __p;
            #no_contract
            #descriptor
            #functions
            #stub
            #shim
            #kernel
        };
        #hooks
        #mock
    }
}

/// The trait. A default body moves to a hidden trait that everything can call, and a call of it takes its place.
fn the_trait(contract: &Contract) -> TokenStream {
    let Contract { attrs, vis, ident, supertraits, .. } = contract;
    let colon = if supertraits.is_empty() { quote!() } else { quote!(:) };
    let defaults = names::defaults(ident);
    let methods = contract.methods.iter().map(|method| {
        let Method { attrs, ident, .. } = method;
        let signature = signature(method, &quote!(#ident));
        let body = match &method.body {
            None => quote!(;),
            Some(_) => {
                let default = names::default_body(ident);
                let args = method.args.iter().map(|arg| &arg.ident);
                let this = this(method);
                quote!({ #defaults::#default(#this #(, #args)*) })
            }
        };
        quote!(#(#attrs)* #signature #body)
    });
    quote! {
        #(#attrs)*
        #vis trait #ident #colon #supertraits {
            #(#methods)*
        }
    }
}

/// The default bodies, each printed once, for whatever implements the trait.
fn defaults(contract: &Contract) -> TokenStream {
    let Contract { vis, ident, .. } = contract;
    if contract.methods.iter().all(|method| method.body.is_none()) {
        return TokenStream::new();
    }
    let defaults = names::defaults(ident);
    let methods = contract.methods.iter().filter_map(|method| {
        let body = method.body.as_ref()?;
        let name = names::default_body(&method.ident);
        let signature = signature(method, &quote!(#name));
        let attrs = method.attrs.iter().filter(|attr| {
            ["cfg", "allow", "expect", "warn", "deny"].iter().any(|kept| attr.path().is_ident(kept))
        });
        let body = match method.waiting {
            Waiting::Blocks => quote!(#body),
            _ => {
                let body = asynchronous::body(&method.ret, &quote!(#body));
                quote!({ #body })
            }
        };
        Some(quote!(#(#attrs)* #[doc(hidden)] #signature #body))
    });
    quote! {
        #[doc(hidden)]
        #[allow(missing_docs, clippy::missing_errors_doc, clippy::must_use_candidate)]
        #vis trait #defaults: #ident {
            #(#methods)*
        }
        #[doc(hidden)]
        impl<__T: #ident + ?::core::marker::Sized> #defaults for __T {}
    }
}

/// The author's own `self`: another one would be another variable where a macro wrote the contract.
pub(super) fn this(method: &Method) -> TokenStream {
    method.receiver_tokens.clone().into_iter().last().into_iter().collect()
}

/// `fn name(&self, key: &str) -> Ret`, with the author's tokens.
pub(super) fn signature(method: &Method, name: &TokenStream) -> TokenStream {
    if method.waiting != Waiting::Blocks {
        return asynchronous::signature(method, name);
    }
    let Method { receiver_tokens, args, ret, .. } = method;
    let args = args.iter().map(|arg| {
        let (ident, ty) = (&arg.ident, &arg.ty);
        quote!(, #ident: #ty)
    });
    quote!(fn #name(#receiver_tokens #(#args)*) -> #ret)
}
