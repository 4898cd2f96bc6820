//! A contract as mockall's `mock!` wants it, for who has tests of that kind.
//!
//! In: a contract. Out: the trait's methods with every lifetime named that mockall asks for, or the methods that it cannot say.
//! What comes of them is mockall's.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};
use syn::Type;

use super::with_lifetime;
use crate::syntax::{Contract, Method, Receiver, Waiting, plain_type, references};

/// The methods that mockall cannot say, each with the reason.
#[must_use]
pub(crate) fn unsaid(contract: &Contract) -> Vec<(&Ident, &'static str)> {
    let waits = contract.methods.iter().filter(|method| method.waiting != Waiting::Blocks);
    let why = "its future borrows of the call, and what mockall is told to return lives for ever; \
               `cargo plugin-gen generate mock` prints a mock that waits";
    waits.map(|method| (&method.ident, why)).collect()
}

/// The trait, without bodies and attributes: `output` makes the block of it.
#[must_use]
pub(crate) fn emit(contract: &Contract) -> TokenStream {
    let ident = &contract.ident;
    let methods = contract.methods.iter().map(signature);
    quote!(trait #ident { #(#methods)* })
}

/// Inside a type mockall wants a name for what elsewhere may be left out.
fn signature(method: &Method) -> TokenStream {
    let (name, ret) = (&method.ident, &method.ret);
    let cfgs = method.cfgs();
    let args: Vec<_> = method.args.iter().map(|arg| (&arg.ident, &arg.ty, lends_within(&arg.ty))).collect();
    let returns = lends_within(ret);
    let named = returns || args.iter().any(|(.., within)| *within);
    let lifetime = named.then(|| quote!(<'a>));
    let receiver = match (method.receiver, returns) {
        (Receiver::Shared, false) => quote!(&self),
        (Receiver::Shared, true) => quote!(&'a self),
        (Receiver::Exclusive, false) => quote!(&mut self),
        (Receiver::Exclusive, true) => quote!(&'a mut self),
    };
    let args = args.into_iter().map(|(ident, ty, within)| {
        let ty = if within { inside(ty) } else { ty.to_token_stream() };
        quote!(, #ident: #ty)
    });
    let ret = match (returns, is_nothing(ret)) {
        (_, true) => quote!(),
        (false, false) => quote!(-> #ret),
        (true, false) => {
            let ret = with_lifetime(ret, "'a");
            quote!(-> #ret)
        }
    };
    quote!(#(#cfgs)* fn #name #lifetime (#receiver #(#args)*) #ret;)
}

/// Whether something is lent in a type that is no reference itself, or behind one.
fn lends_within(ty: &Type) -> bool {
    match plain_type(ty) {
        Type::Reference(reference) => references(&reference.elem) > 0,
        ty => references(ty) > 0,
    }
}

/// The type with the lifetime in every place but the outermost.
fn inside(ty: &Type) -> TokenStream {
    match plain_type(ty) {
        Type::Reference(reference) => {
            let (mutability, elem) = (&reference.mutability, with_lifetime(&reference.elem, "'a"));
            quote!(& #mutability #elem)
        }
        ty => with_lifetime(ty, "'a"),
    }
}

fn is_nothing(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}
