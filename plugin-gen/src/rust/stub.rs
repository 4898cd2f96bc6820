//! The host's side: the trait, implemented by calls through a table of pointers.

use proc_macro2::TokenStream;
use quote::quote;

use super::contract::{signature, this};
use super::{copy, names, wire};
use crate::syntax::{Contract, Method};

pub(super) fn emit(contract: &Contract) -> TokenStream {
    let ident = &contract.ident;
    let calls = each(contract, call_type);
    let fields = each(contract, table_field);
    let binds = each(contract, bind);
    let methods = each(contract, |at, method| stub_method(contract, at, method));
    // SAFETY lines below: the trait itself demands the bound of every implementation.
    let send = contract.send.then(|| {
        quote! {
            // SAFETY: the contract demands `Send` of the object behind the pointer.
            unsafe impl __p::Send for __Stub {}
        }
    });
    let sync = contract.sync.then(|| {
        quote! {
            // SAFETY: the contract demands `Sync` of the object behind the pointer.
            unsafe impl __p::Sync for __Stub {}
        }
    });
    let copy = copy(&quote!(__Table));
    quote! {
        #(#calls)*

        pub struct __Table {
            #(#fields,)*
        }
        #copy

        struct __Stub {
            raw: __p::Raw,
            table: __Table,
        }
        #send
        #sync

        impl #ident for __Stub {
            #(#methods)*
        }

        // SAFETY: the descriptor holds the very methods that the stub calls, and `bind` asks for their fingerprints.
        unsafe impl __p::Contract for dyn #ident {
            const DESC: &'static __p::ContractDesc = &__DESC;
            type Table = __Table;

            unsafe fn bind(
                __find: &dyn __p::Fn(&'static str, __p::Fingerprint) -> __p::Option<__p::NonNull<()>>,
            ) -> __p::Result<__Table, __p::Unbound> {
                __p::Ok(__Table { #(#binds,)* })
            }

            unsafe fn stub(__raw: __p::Raw, __table: __Table) -> __p::Box<Self> {
                __p::Box::new(__Stub { raw: __raw, table: __table })
            }
        }
    }
}

fn each(contract: &Contract, emit: impl Fn(usize, &Method) -> TokenStream) -> Vec<TokenStream> {
    contract.methods.iter().enumerate().map(|(at, method)| emit(at, method)).collect()
}

fn call_type(at: usize, method: &Method) -> TokenStream {
    let call = names::call(at);
    let cfgs = method.cfgs();
    let args = method.args.iter().map(|arg| wire(&arg.ty));
    let ret = wire(&method.ret);
    quote! {
        #(#cfgs)*
        type #call = unsafe extern "C" fn(
            *mut (),
            #(#args,)*
            *mut __p::Out<#ret>,
        ) -> __p::Status;
    }
}

fn table_field(at: usize, method: &Method) -> TokenStream {
    let (field, call) = (names::field(at), names::call(at));
    let cfgs = method.cfgs();
    match method.body {
        None => quote!(#(#cfgs)* #field: #call),
        Some(_) => quote!(#(#cfgs)* #field: __p::Option<#call>),
    }
}

fn bind(at: usize, method: &Method) -> TokenStream {
    let (field, call, print, name) = (names::field(at), names::call(at), names::print(at), method.name());
    let cfgs = method.cfgs();
    let found = quote! {
        __find(#name, #print).map(|__call| {
            // SAFETY: whoever answered vouches that this is the shim of a method with this fingerprint, and from the
            // fingerprint its type follows.
            unsafe { __p::transmute::<__p::NonNull<()>, #call>(__call) }
        })
    };
    match method.body {
        None => quote!(#(#cfgs)* #field: #found.ok_or(__p::Unbound { method: #name })?),
        Some(_) => quote!(#(#cfgs)* #field: #found),
    }
}

fn stub_method(contract: &Contract, at: usize, method: &Method) -> TokenStream {
    let (ident, name, field) = (&method.ident, method.name(), names::field(at));
    let cfgs = method.cfgs();
    let signature = signature(method, &quote!(#ident));
    let (ret, this) = (&method.ret, this(method));
    let args: Vec<_> = method.args.iter().map(|arg| &arg.ident).collect();
    let types = method.args.iter().map(|arg| &arg.ty);
    let call = match &method.body {
        None => quote!(let __call = #this.table.#field;),
        Some(_) => {
            let (defaults, default) = (names::defaults(&contract.ident), names::default_body(ident));
            quote! {
                let __p::Some(__call) = #this.table.#field else {
                    return #defaults::#default(#this #(, #args)*);
                };
            }
        }
    };
    quote! {
        #(#cfgs)*
        #[inline]
        #signature {
            use __p::DeliverByPanic as _;
            #call
            // SAFETY: `bind` took the pointer for this method's fingerprint, and the object belongs to the same plugin.
            let __done = unsafe {
                #this.raw.call::<#ret>(#name, move |__object, __out| {
                    __call(__object, #(<#types as __p::PluginType>::into_abi(#args),)* __out)
                })
            };
            match __done {
                __p::Ok(__value) => __value,
                __p::Err(__fault) => (&__p::Deliver::<#ret>::NEW).deliver(__fault),
            }
        }
    }
}
