//! Closures: a type for each signature, which carries one across, and a shim and a callee for it.
//!
//! In: the closures that a contract's signatures name. Out: items. It does not know where they are taken or returned.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

use super::pass::{self, Taken};
use super::{names, shim, stub};
use crate::syntax::{
    Contract, Dynamic, Field, Function, FunctionKind, bounds_text, dynamic, parts, type_text,
};

/// The type that carries closures of this signature.
pub(super) fn carrier(written: &Type) -> Ident {
    let text = type_text(written);
    let hash = plugin_abi::Hasher::new().text(&text).finish().0 as u64;
    format_ident!("__Fn{hash:016x}")
}

/// A carrier for each closure that is named, in whatever method, once.
pub(super) fn emit(contract: &Contract) -> TokenStream {
    let mut found = BTreeMap::new();
    for method in &contract.methods {
        for ty in method.args.iter().map(|arg| &arg.ty).chain([&method.ret]) {
            let cfgs: Vec<_> = method.cfgs().collect();
            collect(ty, &cfgs, &mut found);
        }
    }
    carriers(found, &contract.arguments.id)
}

/// The same for the fields of a derived type.
pub(super) fn of_fields<'a>(fields: impl Iterator<Item = &'a Field>, name: &str) -> TokenStream {
    let mut found = BTreeMap::new();
    fields.for_each(|field| collect(&field.ty, &[], &mut found));
    carriers(found, name)
}

/// The carriers of closures; `name` is that of what a fault of theirs is one of.
fn carriers(found: Found<'_>, name: &str) -> TokenStream {
    let carriers = found.into_values().filter_map(|(written, cfgs)| match dynamic(written) {
        Some(Dynamic::Function(function)) => {
            let items = emit_one(name, written, &function);
            // In a block of their own, because each item would need the attributes.
            Some((cfgs, carrier(written), items))
        }
        _ => None,
    });
    let carriers = carriers.map(|(cfgs, carrier, items)| {
        if cfgs.is_empty() {
            items
        } else {
            let module = format_ident!("__of{carrier}");
            quote! {
                #(#cfgs)*
                mod #module {
                    use super::*;
                    #items
                }
                #(#cfgs)*
                use #module::*;
            }
        }
    });
    carriers.collect()
}

type Found<'a> = BTreeMap<String, (&'a Type, Vec<&'a syn::Attribute>)>;

fn collect<'a>(ty: &'a Type, cfgs: &[&'a syn::Attribute], found: &mut Found<'a>) {
    if let Some(Dynamic::Function(_)) = dynamic(ty)
        && let Type::TraitObject(_) = ty
    {
        // A closure that any method names without a condition is there without one.
        let known = found.entry(type_text(ty)).or_insert_with(|| (ty, cfgs.to_vec()));
        if cfgs.is_empty() {
            known.1.clear();
        }
    }
    for part in parts(ty) {
        collect(part, cfgs, found);
    }
}

fn params(function: &Function<'_>) -> Vec<Ident> {
    (0..function.args.len()).map(names::part).collect()
}

/// A closure that calls the other side's, through the callee in this variable.
pub(super) fn closure(written: &Type, callee: &TokenStream) -> TokenStream {
    let Some(Dynamic::Function(function)) = dynamic(written) else { return TokenStream::new() };
    let params: Vec<_> = (0..function.args.len()).map(|at| format_ident!("__a{at}")).collect();
    let types = &function.args;
    quote!(|#(#params: #types),*| #callee.call(#(#params),*))
}

fn emit_one(contract: &str, written: &Type, function: &Function<'_>) -> TokenStream {
    let carrier = carrier(written);
    let (callee, call, shim_name) = (
        format_ident!("__Callee{carrier}"),
        format_ident!("__Call{carrier}"),
        format_ident!("__shim{carrier}"),
    );
    let unit: Type = syn::parse_quote!(());
    let ret = function.ret.unwrap_or(&unit);
    let name = function.kind.name().to_owned() + &bounds_text(function.send, function.sync);
    let (wires, out) = (function.args.iter().map(|ty| pass::wire(ty)).collect::<Vec<_>>(), pass::wire(ret));
    let members = function.args.iter().copied().chain([ret]).map(|ty| {
        let desc = pass::desc(ty);
        quote!(__p::Function::member(#desc))
    });
    let params = params(function);
    let types = &function.args;
    let data = types.iter().map(|ty| pass::is_what_it_seems(ty));
    // SAFETY lines below: the type says so of the closure, and what it says is part of the fingerprint.
    let marker = |is: bool, name: TokenStream| {
        is.then(|| {
            quote! {
                // SAFETY: the closure behind the pointer is what its type says.
                unsafe impl __p::#name for #callee {}
            }
        })
    };
    let (send, sync) = (marker(function.send, quote!(Send)), marker(function.sync, quote!(Sync)));
    let args: Vec<_> = params.iter().zip(types).map(|(param, ty)| (quote!(#param), *ty)).collect();
    let text = type_text(written);
    let text = text.strip_prefix("dyn ").unwrap_or(&text);
    let body = stub::call(&quote!(self.0), text, &quote!(self.1), &args, ret);
    let (moved, access, lends) = ways(written, function.kind, &shim_name);
    let shim = shim_of(written, function, ret, &shim_name, &wires, &out);
    let received = closure(written, &quote!(__callee));
    quote! {
        type #call = unsafe extern "C" fn(*mut (), #(#wires,)* *mut __p::Out<#out>) -> __p::Answer;

        pub struct #carrier(__p::Box<#written>);

        pub struct #callee(__p::Raw<__p::Instance>, #call);
        #send
        #sync

        impl #callee {
            #[inline]
            fn call(&self #(, #params: #types)*) -> #ret {
                #body
            }
        }

        #shim
        #(#data)*

        impl #carrier {
            const FUNCTION: __p::Function = __p::Function::new(#name, const { &[#(#members),*] });
            const ITSELF: __p::TypeRef = __p::TypeRef::new(const { &Self::FUNCTION.itself });
            const MEMBERS: &'static [__p::Member] = const { &[__p::Function::member(Self::ITSELF)] };
            const REF: __p::TypeRef = __p::TypeRef::new(const { &__p::Function::lent("&", Self::MEMBERS) });
            const MUT: __p::TypeRef = __p::TypeRef::new(const { &__p::Function::lent("&mut ", Self::MEMBERS) });

            #lends

            unsafe fn receive(__raw: __p::RawFunction) -> __p::Result<#callee, __p::Invalid> {
                // SAFETY: the caller's promise is the same.
                let (__raw, __call) = unsafe { __raw.receive(#contract) }?;
                // SAFETY: the caller promises a closure of this signature, and from that the shim's type follows.
                let __call = unsafe { __p::transmute::<unsafe extern "C" fn(), #call>(__call) };
                __p::Ok(#callee(__raw, __call))
            }
        }

        // SAFETY: the descriptor is that of the signature, and the shim and the callee beside it follow it.
        unsafe impl __p::PluginType for #carrier {
            type Abi = __p::RawFunction;
            const ID: u128 = Self::FUNCTION.box_id;
            const DESC: __p::TypeRef = __p::TypeRef::new(const { &__p::Function::boxed(Self::MEMBERS) });

            fn into_abi(self) -> __p::RawFunction {
                let __call: #call = #access;
                // SAFETY: a function's address, to be given its type again by `receive`.
                let __call = unsafe { __p::transmute::<#call, unsafe extern "C" fn()>(__call) };
                __p::RawFunction::moved(#moved, __call)
            }

            unsafe fn from_abi(__raw: __p::RawFunction) -> __p::Result<Self, __p::Invalid> {
                // SAFETY: the caller's promise is the same.
                let __callee = unsafe { Self::receive(__raw) }?;
                __p::Ok(Self(__p::Box::new(move #received)))
            }
        }
    }
}

/// What is put into a box when the closure is moved, the shim that knows that box, and the functions that lend one.
fn ways(written: &Type, kind: FunctionKind, shim: &Ident) -> (TokenStream, TokenStream, TokenStream) {
    let lend = |name: TokenStream, access: TokenStream| {
        quote! {
            fn #name(__place: *const ()) -> __p::RawFunction {
                // SAFETY: a function's address, to be given its type again by `receive`.
                let __call = unsafe {
                    __p::transmute::<*const (), unsafe extern "C" fn()>(#shim::<__p::#access<#written>> as *const ())
                };
                __p::RawFunction::lent(__place, __call)
            }
        }
    };
    let boxed = quote!(#shim::<__p::Boxed<#written>>);
    match kind {
        FunctionKind::Shared => (quote!(self.0), boxed, lend(quote!(lend), quote!(Lent))),
        FunctionKind::Exclusive => (quote!(self.0), boxed, lend(quote!(lend_mut), quote!(LentMut))),
        FunctionKind::Once => (quote!(__p::Some(self.0)), quote!(#shim), quote!()),
    }
}

fn shim_of(
    written: &Type,
    function: &Function<'_>,
    ret: &Type,
    shim: &Ident,
    wires: &[TokenStream],
    out: &TokenStream,
) -> TokenStream {
    let params = params(function);
    let taken: Vec<Taken> = function
        .args
        .iter()
        .zip(&params)
        .enumerate()
        .map(|(at, (ty, param))| pass::take(ty, &format!("{}", at + 1), param))
        .collect();
    let (generics, object) = match function.kind {
        FunctionKind::Shared => (
            quote!(<__A: __p::Access<Target = #written>>),
            quote! {
                // SAFETY: the pointer was made for this shim, and the receiver borrows the closure as its type says.
                let __object = unsafe { __A::shared(__object) };
            },
        ),
        FunctionKind::Exclusive => (
            quote!(<__A: __p::Access<Target = #written>>),
            quote! {
                // SAFETY: the pointer was made for this shim, and the receiver borrows the closure as its type says.
                let __object = unsafe { __A::exclusive(__object) }.ok_or(__p::Rejected::SHARED)?;
            },
        ),
        FunctionKind::Once => (
            quote!(),
            quote! {
                // SAFETY: the pointer was made from such a box, and the receiver calls the closure once.
                let __object = unsafe { &mut *__object.cast::<__p::Option<__p::Box<#written>>>() };
                let __object = __object.take().ok_or(__p::Rejected::USED)?;
            },
        ),
    };
    let body = shim::body(&object, &quote!(__object), &taken, ret, None, &quote!(__p::respond));
    quote! {
        unsafe extern "C" fn #shim #generics(
            __object: *mut (),
            #(#params: #wires,)*
            __out: *mut __p::Out<#out>,
        ) -> __p::Answer {
            #body
        }
    }
}
