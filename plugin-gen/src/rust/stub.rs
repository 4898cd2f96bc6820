//! The host's side: the trait, implemented by calls through a table of pointers.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::Type;

use super::contract::{signature, this};
use super::{as_contract, copy, names, pass};
use crate::syntax::{Contract, Method, Waiting};

pub(super) fn emit(contract: &Contract) -> TokenStream {
    let ident = &contract.ident;
    let calls = each(contract, call_type);
    let fields = each(contract, table_field);
    let binds = each(contract, bind);
    let direct = |emit: fn(usize, &Method) -> TokenStream| {
        let methods = contract.methods.iter().enumerate().filter(|(_, method)| method.is_direct());
        methods.map(|(at, method)| emit(at, method)).collect::<Vec<_>>()
    };
    let (direct_fields, direct_binds) = (direct(direct_field), direct(bind_direct));
    let methods = each(contract, |at, method| stub_method(contract, at, method));
    let copy = copy(&quote!(__Table));
    let skeleton = super::kernel::skeleton(contract);
    // Whose stub it is decides whether it is `Send`, and which other contracts it implements.
    let supertraits = &contract.supertraits;
    let condition = (!supertraits.is_empty()).then(|| quote!(where __p::Stub<__C, __K>: #supertraits));
    let bases = contract.bases.iter().enumerate().map(|(at, base)| {
        let (field, base) = (names::base(at), as_contract(base));
        quote!(#field: #base::Table)
    });
    let bind_bases = contract.bases.iter().enumerate().map(|(at, base)| {
        let (field, base) = (names::base(at), as_contract(base));
        quote! {
            // SAFETY: the caller's promise is the same, and its methods are among those of this contract.
            #field: unsafe { #base::bind(__find) }?
        }
    });
    let (name, id) = (crate::syntax::plain_name(ident), &contract.arguments.id);
    quote! {
        #(#calls)*

        pub struct __Table {
            #(#bases,)*
            #(#fields,)*
            #(#direct_fields,)*
        }
        #copy

        impl<__C: ?::core::marker::Sized + __p::Contract, __K: __p::Borrow<__p::Instance> + 'static> #ident
            for __p::Stub<__C, __K>
        #condition
        {
            #(#methods)*
        }

        // All inlined: compiled where somebody calls, and not for every plugin of the contract, which links this crate and keeps
        // the unwind tables of functions that nobody calls.
        // SAFETY: the descriptor holds the very methods that the stub calls, and `bind` asks for their fingerprints.
        unsafe impl __p::Contract for dyn #ident {
            const DESC: &'static __p::ContractDesc = &__DESC;
            const NOTED: &'static [::core::primitive::u8] = __NOTE.noted();
            const OBJECT_ID: u128 = __p::Hasher::new()
                .text(::core::concat!(::core::env!("CARGO_PKG_NAME"), "@", ::core::env!("CARGO_PKG_VERSION"), "/", ::core::module_path!()))
                .text(#id)
                .text(#name)
                .number(::core::line!() as u128)
                .number(::core::column!() as u128)
                .finish()
                .0;
            // SAFETY: it is the address of an immutable static.
            const OBJECT: __p::TypeRef = unsafe { __p::TypeRef::of_static(&raw const __OBJECT) };
            #skeleton
            type Table = __Table;
            type Object = __p::Stub<Self, __p::Instance>;

            #[inline]
            unsafe fn bind(
                __find: &dyn __p::Fn(&'static str, __p::Fingerprint) -> __p::Option<__p::NonNull<()>>,
            ) -> __p::Result<__Table, __p::Unbound> {
                __p::Ok(__Table { #(#bind_bases,)* #(#binds,)* #(#direct_binds,)* })
            }

            #[inline]
            unsafe fn stub(__raw: __p::Raw, __table: __Table) -> __p::Box<Self> {
                // SAFETY: the caller's promise is the same.
                __p::Box::new(unsafe { __p::Stub::<Self, _>::new(__raw, __table) })
            }

            #[inline]
            unsafe fn object(__raw: __p::Raw<__p::Instance>, __table: __Table) -> Self::Object {
                // SAFETY: the caller's promise is the same.
                unsafe { __p::Stub::new(__raw, __table) }
            }

            #[inline]
            fn object_ref(__object: &Self::Object) -> &Self {
                __object
            }

            #[inline]
            fn object_mut(__object: &mut Self::Object) -> &mut Self {
                __object
            }

            #[inline]
            fn object_box(__object: Self::Object) -> __p::Box<Self> {
                __p::Box::new(__object)
            }

            #[inline]
            fn object_arc(__object: Self::Object) -> __p::Arc<Self> {
                __p::Arc::new(__object)
            }
        }

        // A static, so that a contract can name itself.
        static __OBJECT: __p::TypeDesc = __p::TypeDesc {
            id: <dyn #ident as __p::Contract>::OBJECT_ID,
            kind: __p::Kind::Object,
            name: #name,
            size: 0,
            align: 1,
            members: &[],
            variants: &[__p::Variant { name: #id, tag: 0, fields: &[] }],
            compared: "",
            // SAFETY: it is the address of an immutable static.
            contract: __p::Some(unsafe { __p::ContractRef::of_static(&raw const __DESC) }),
        };

        // SAFETY: what crosses is what `Object` says.
        unsafe impl __p::PluginType for __p::Box<dyn #ident> {
            type Abi = __p::RawObject;
            const ID: u128 = <dyn #ident as __p::Object>::BOX_ID;
            const DESC: __p::TypeRef = <dyn #ident as __p::Object>::BOX;

            #[inline]
            fn into_abi(self) -> __p::RawObject {
                <dyn #ident as __p::Object>::box_into_abi(self)
            }

            #[inline]
            unsafe fn from_abi(__raw: __p::RawObject) -> __p::Result<Self, __p::Invalid> {
                // SAFETY: the caller's promise is the same.
                let __object = unsafe { <dyn #ident as __p::Object>::receive_box(__raw) }?;
                __p::Ok(__object)
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
    let args = method.args.iter().map(|arg| pass::wire(&arg.ty));
    let ret = out(method);
    quote! {
        #(#cfgs)*
        type #call = unsafe extern "C" fn(
            *mut (),
            #(#args,)*
            *mut __p::Out<#ret>,
        ) -> __p::Answer;
    }
}

/// What a method writes: its result, or the future of it.
pub(super) fn out(method: &Method) -> TokenStream {
    let ret = pass::wire(&method.ret);
    if method.waiting == Waiting::Blocks { ret } else { quote!(__p::RawFuture<#ret>) }
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

fn direct_field(at: usize, method: &Method) -> TokenStream {
    let field = names::direct(at);
    let (cfgs, ret) = (method.cfgs(), &method.ret);
    let args = method.args.iter().map(|arg| &arg.ty);
    quote!(#(#cfgs)* #field: __p::Option<unsafe extern "C" fn(*mut (), #(#args),*) -> #ret>)
}

fn bind_direct(at: usize, method: &Method) -> TokenStream {
    let (field, print, name) = (names::direct(at), names::print(at), method.direct_name());
    let (cfgs, ret) = (method.cfgs(), &method.ret);
    let args = method.args.iter().map(|arg| &arg.ty);
    quote! {
        #(#cfgs)* #field: __find(#name, #print).map(|__call| {
            // SAFETY: whoever answered vouches that this is the direct shim of a method with this fingerprint, and from the
            // fingerprint its type follows.
            unsafe { __p::transmute::<__p::NonNull<()>, unsafe extern "C" fn(*mut (), #(#args),*) -> #ret>(__call) }
        })
    }
}

/// The call of a plugin's function that takes and returns nothing but numbers, where it has one and its object is whole: nothing is
/// to be looked at when it comes back. Any other way is apart, so that this one needs no frame.
fn direct_call(
    at: usize,
    method: &Method,
    table: &TokenStream,
    raw: &TokenStream,
    otherwise: &TokenStream,
) -> TokenStream {
    let field = names::direct(at);
    let args = method.args.iter().map(|arg| &arg.ident);
    quote! {
        if let (__p::Some(__call), __p::Some(__object)) = (#table.#field, #raw.whole()) {
            // SAFETY: the pointer was taken for this very signature, and the object belongs to the same side.
            return unsafe { __call(__object, #(#args),*) };
        }
        __p::otherwise(move || { #otherwise })
    }
}

fn stub_method(contract: &Contract, at: usize, method: &Method) -> TokenStream {
    let (ident, name, field) = (&method.ident, method.name(), names::field(at));
    let cfgs = method.cfgs();
    let signature = signature(method, &quote!(#ident));
    let (ret, this, trait_name) = (&method.ret, this(method), &contract.ident);
    let args: Vec<_> = method.args.iter().map(|arg| &arg.ident).collect();
    let table = quote!(__p::Stub::table::<dyn #trait_name>(#this));
    let default = method.body.as_ref().map(|_| {
        let (defaults, default) = (names::defaults(&contract.ident), names::default_body(ident));
        quote! {
            let __p::Some(__call) = #table.#field else {
                return #defaults::#default(#this #(, #args)*);
            };
        }
    });
    let call = default.unwrap_or_else(|| quote!(let __call = #table.#field;));
    let args: Vec<_> = method.args.iter().map(|arg| (arg.ident.to_token_stream(), &arg.ty)).collect();
    let raw = quote!(__p::Stub::raw(#this));
    let body = if method.waiting == Waiting::Blocks {
        self::call(&raw, &name, &quote!(__call), &args, ret)
    } else {
        begin(&raw, &name, &args, ret)
    };
    let body = quote!(#call #body);
    let body = if method.is_direct() { direct_call(at, method, &table, &raw, &body) } else { body };
    quote! {
        #(#cfgs)*
        #[inline]
        #signature {
            #body
        }
    }
}

/// Sends the arguments, calls, and takes the result.
pub(super) fn call(
    raw: &TokenStream,
    name: &str,
    call: &TokenStream,
    args: &[(TokenStream, &Type)],
    ret: &Type,
) -> TokenStream {
    let sent = args.iter().map(|(variable, ty)| pass::send(ty, variable));
    let (carried, value) = (pass::carried(ret), pass::unwrap(ret, &quote!(__value)));
    let call = pass::changes(args, &carried, quote!(#call(__object, #(#sent,)* __out)));
    let stay = pass::stay(args);
    quote! {
        use __p::DeliverByPanic as _;
        #stay
        // SAFETY: the pointer was taken for this very signature, and the object belongs to the same side.
        let __done = unsafe {
            #raw.call::<#carried>(#name, move |__object, __out| #call)
        };
        match __done {
            __p::Ok(__value) => #value,
            __p::Err(__fault) => (&__p::Deliver::<#ret>::NEW).deliver(__fault),
        }
    }
}

/// Sends the arguments when the future is polled first, and waits for the other side's.
fn begin(raw: &TokenStream, name: &str, args: &[(TokenStream, &Type)], ret: &Type) -> TokenStream {
    let sent = args.iter().map(|(variable, ty)| pass::send(ty, variable));
    let (carried, value) = (pass::carried(ret), pass::unwrap(ret, &quote!(__value)));
    let stay = pass::stay(args);
    quote! {
        __p::Box::pin(async move {
            use __p::DeliverByPanic as _;
            #stay
            let mut __future = #raw.future::<#carried>(#name);
            // SAFETY: the pointer was taken for this very signature, the object belongs to the same side, and what is lent
            // lies in this future, which is pinned, and which the other side's does not outlive.
            let __begun = unsafe {
                #raw.begin(&mut __future, |__object, __out| __call(__object, #(#sent,)* __out))
            };
            let __done = match __begun {
                __p::Ok(()) => (&mut __future).await,
                __p::Err(__fault) => __p::Err(__fault),
            };
            match __done {
                __p::Ok(__value) => #value,
                __p::Err(__fault) => (&__p::Deliver::<#ret>::NEW).deliver(__fault),
            }
        })
    }
}
