//! A contract that an eBPF object may carry: the trait, implemented by calls by name, and its hooks.
//!
//! In: a contract of which some method is a hook, events, constants or a table. Out: the skeleton, and the assertions that its types
//! are those a kernel program can hold. It does not know eBPF: a `Carrier` does.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

use super::contract::{signature, this};
use super::{first_span, names, pass, silence};
use crate::syntax::{
    Contract, Method, Role, RoleKind, data_message, is_kernel, kernel_types, plain_name, type_text,
};

/// What stands in the contract's hidden block.
pub(super) fn emit(contract: &Contract) -> TokenStream {
    if !is_kernel(contract) {
        return TokenStream::new();
    }
    let (ident, krate) = (&contract.ident, &contract.arguments.krate);
    let holds = contract.methods.iter().flat_map(holds);
    let calls = contract.methods.iter().enumerate().map(|(at, method)| call_struct(at, method));
    let configs = || contract.methods.iter().enumerate().filter(|(_, method)| is(method, RoleKind::Config));
    let fields = configs().map(|(at, method)| {
        let (field, ty, cfgs) = (names::field(at), config_type(method), method.cfgs());
        quote!(#(#cfgs)* #field: #ty)
    });
    let values = configs().map(|(at, method)| {
        let (field, name, cfgs) = (names::field(at), method.name(), method.cfgs());
        quote!(#(#cfgs)* #field: __read(__carrier.config(#name).as_slice()))
    });
    let methods = contract.methods.iter().enumerate().map(|(at, method)| kernel_method(contract, at, method));
    let hooks = has_hooks(contract).then(|| {
        let hooks = names::hooks(ident);
        quote! {
            impl __k::HasHooks for dyn #ident {
                type Hooks = #hooks;

                fn hooks(__carrier: __p::Option<__p::Arc<dyn __k::Carrier>>) -> #hooks {
                    #hooks { carrier: __carrier }
                }
            }
        }
    });
    quote! {
        #krate::__needs_kernel!();
        use #krate::kernel as __k;
        #(#holds)*
        #(#calls)*

        struct __Kernel {
            carrier: __p::Arc<dyn __k::Carrier>,
            #(#fields,)*
        }

        /// What a loader compared with the contract.
        fn __read<__T: __p::Plain>(__bytes: &[::core::primitive::u8]) -> __T {
            __p::plain_from_bytes(__bytes).expect("the loader compared the sizes of both sides")
        }

        impl #ident for __Kernel {
            #(#methods)*
        }

        static __SKELETON: __k::Skeleton<dyn #ident> = __k::Skeleton(|__carrier| {
            __p::Box::new(__Kernel { #(#values,)* carrier: __carrier })
        });
        #hooks
    }
}

/// `const KERNEL`, in the contract's implementation.
pub(super) fn skeleton(contract: &Contract) -> TokenStream {
    if !is_kernel(contract) {
        return TokenStream::new();
    }
    quote! {
        const KERNEL: __p::Option<&'static (dyn __p::Any + __p::Send + __p::Sync)> = __p::Some(&__SKELETON);
    }
}

/// The hooks, beside the trait: `FilterHooks`.
pub(super) fn hooks(contract: &Contract) -> TokenStream {
    if !has_hooks(contract) {
        return TokenStream::new();
    }
    let Contract { ident, vis, .. } = contract;
    let krate = &contract.arguments.krate;
    let (hooks, silence) = (names::hooks(ident), silence());
    let doc = format!("Where programs of [`{}`] are attached: one function a hook.", plain_name(ident));
    let of_hooks = contract.methods.iter().filter(|method| is_hook(method));
    let functions = of_hooks.map(|method| {
        let (name, text, cfgs) = (&method.ident, method.name(), method.cfgs());
        let doc = format!("The hook of `{text}`.");
        quote! {
            #(#cfgs)*
            #[doc = #doc]
            #[must_use]
            #vis fn #name(&self) -> #krate::kernel::Hook {
                #krate::kernel::Hook::new(::core::clone::Clone::clone(&self.carrier), #text)
            }
        }
    });
    quote! {
        #[doc = #doc]
        #vis struct #hooks {
            carrier: ::core::option::Option<::std::sync::Arc<dyn #krate::kernel::Carrier>>,
        }
        #silence
        impl #hooks {
            #(#functions)*
        }
    }
}

fn has_hooks(contract: &Contract) -> bool {
    contract.methods.iter().any(is_hook)
}

fn is_hook(method: &Method) -> bool {
    method.role.as_ref().is_some_and(|role| matches!(role.kind, RoleKind::Hook(_)))
}

fn is(method: &Method, kind: RoleKind) -> bool {
    method.role.as_ref().is_some_and(|role| role.kind == kind)
}

/// That rustc finds each type to be what a program can hold.
fn holds(method: &Method) -> Vec<TokenStream> {
    let one = |ty| {
        let (desc, message, cfgs) = (pass::desc(ty), data_message(ty), method.cfgs());
        quote_spanned!(first_span(ty)=> #(#cfgs)* const _: () = ::core::assert!(__p::is_kernel_data(#desc), "{}", #message);)
    };
    kernel_types(method).into_iter().map(one).collect()
}

fn config_type(method: &Method) -> TokenStream {
    kernel_types(method).first().map_or_else(|| quote!(()), |ty| quote!(#ty))
}

/// Arguments and result of a method, as C lays them out: only its offsets are used.
fn call_struct(at: usize, method: &Method) -> TokenStream {
    if method.role.is_some() {
        return TokenStream::new();
    }
    let (name, cfgs) = (format_ident!("__Kernel{at}"), method.cfgs());
    let types = method.args.iter().map(|arg| &arg.ty);
    let parts = (0..method.args.len()).map(names::part);
    let ret = result(method).map(|ret| quote!(result: #ret));
    quote! {
        #(#cfgs)*
        #[repr(C)]
        struct #name {
            #(#parts: #types,)*
            #ret
        }
    }
}

fn result(method: &Method) -> Option<&syn::Type> {
    (type_text(&method.ret) != "()").then_some(&method.ret)
}

fn kernel_method(contract: &Contract, at: usize, method: &Method) -> TokenStream {
    let (ident, name) = (&method.ident, method.name());
    let (cfgs, this) = (method.cfgs(), this(method));
    let signature = signature(method, &quote!(#ident));
    let ret = &method.ret;
    let args: Vec<_> = method.args.iter().map(|arg| &arg.ident).collect();
    let default = method.body.as_ref().map(|_| {
        let (defaults, default) = (names::defaults(&contract.ident), names::default_body(ident));
        quote! {
            if !#this.carrier.has(#name) {
                return #defaults::#default(#this #(, #args)*);
            }
        }
    });
    let fault = quote! {
        __p::Err(__fault) => {
            use __p::DeliverByPanic as _;
            (&__p::Deliver::<#ret>::NEW).deliver(__fault)
        }
    };
    let body = match method.role.as_ref().map(|role| role.kind) {
        Some(RoleKind::Hook(_)) => {
            let packet = args.first().map_or_else(|| quote!(&[]), |packet| quote!(#packet));
            quote! {
                match #this.carrier.run(#name, #packet) {
                    __p::Ok(__verdict) => __verdict as #ret,
                    #fault
                }
            }
        }
        Some(RoleKind::Event) => quote!(__k::Events::of(#this.carrier.events(#name))),
        Some(RoleKind::Table | RoleKind::State) => {
            let table = format_ident!("{}", method.role.as_ref().map_or("Table", Role::table));
            quote!(__k::#table::of(#this.carrier.table(#name)))
        }
        Some(RoleKind::Config) => {
            let field = names::field(at);
            quote!(#this.#field)
        }
        // What could not be read was refused.
        None | Some(RoleKind::Unreadable) => call(at, method, &this, &name, &fault),
    };
    quote! {
        #(#cfgs)*
        #signature {
            #default
            #body
        }
    }
}

fn call(at: usize, method: &Method, this: &TokenStream, name: &str, fault: &TokenStream) -> TokenStream {
    let layout = format_ident!("__Kernel{at}");
    let parts = method.args.iter().enumerate().map(|(at, arg)| {
        let (part, arg) = (names::part(at), &arg.ident);
        quote! {
            let __at = ::core::mem::offset_of!(#layout, #part);
            let __bytes = __p::plain_bytes(&#arg);
            __call[__at..__at + __bytes.len()].copy_from_slice(__bytes);
        }
    });
    let done = match result(method) {
        None => quote!(__p::Ok(()) => {}),
        Some(ret) => quote! {
            __p::Ok(()) => {
                let __at = ::core::mem::offset_of!(#layout, result);
                __read(&__call[__at..__at + ::core::mem::size_of::<#ret>()])
            }
        },
    };
    quote! {
        // What is between the fields is zero, because it is written to the kernel.
        let mut __call = [0; ::core::mem::size_of::<#layout>()];
        #(#parts)*
        match #this.carrier.call(#name, &mut __call) {
            #done
            #fault
        }
    }
}
