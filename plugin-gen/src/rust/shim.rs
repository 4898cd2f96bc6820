//! The plugin's side: one `extern "C"` function a method, for whatever type implements the trait.

use proc_macro2::TokenStream;
use quote::quote;

use super::{names, wire, with_static};
use crate::syntax::{Contract, Method, Receiver};

pub(super) fn emit(contract: &Contract) -> TokenStream {
    let ident = &contract.ident;
    let shims = contract.methods.iter().enumerate().map(|(at, method)| shim(contract, at, method));
    let rows = contract.methods.iter().enumerate().map(|(at, method)| {
        let (print, shim, name) = (names::print(at), names::shim(at), method.name());
        let cfgs = method.cfgs();
        quote!(#(#cfgs)* __p::Row::new(#name, #print, #shim::<__T> as *const ()))
    });
    quote! {
        #(#shims)*
        // SAFETY: each row's pointer is the shim of its method for `__T`, and its fingerprint is that method's.
        unsafe impl<__T: #ident + 'static> __p::ExportOf<__T> for dyn #ident {
            const ROWS: &'static [__p::Row] = &[#(#rows),*];

            fn boxed(__value: __T) -> __p::Box<Self> {
                __p::Box::new(__value)
            }
        }
    }
}

fn shim(contract: &Contract, at: usize, method: &Method) -> TokenStream {
    let (ident, name, shim) = (&contract.ident, &method.ident, names::shim(at));
    let cfgs = method.cfgs();
    let (ret, out) = (with_static(&method.ret), wire(&method.ret));
    let parts: Vec<_> = (0..method.args.len()).map(names::part).collect();
    let params = method.args.iter().zip(&parts).map(|(arg, part)| {
        let wire = wire(&arg.ty);
        quote!(#part: #wire)
    });
    let takes = method.args.iter().zip(&parts).map(|(arg, part)| {
        let (ty, name) = (&arg.ty, crate::syntax::plain_name(&arg.ident));
        quote! {
            // SAFETY: the stub made it from a value of a type with the same fingerprint, and lends it for this call.
            let #part = unsafe { __p::argument::<#ty>(#name, #part) };
        }
    });
    let object = match method.receiver {
        Receiver::Shared => quote!(&*__object.cast::<__T>()),
        Receiver::Exclusive => quote!(&mut *__object.cast::<__T>()),
    };
    let guard = if method.nounwind { quote!(unguarded) } else { quote!(guard) };
    quote! {
        #(#cfgs)*
        unsafe extern "C" fn #shim<__T: #ident + 'static>(
            __object: *mut (),
            #(#params,)*
            __out: *mut __p::Out<#out>,
        ) -> __p::Status {
            let __body = || {
                #(#takes)*
                // SAFETY: `create::<__T, _>` made the object, and the stub borrows it as the receiver says.
                let __object = unsafe { #object };
                __p::Ok(<__T as #ident>::#name(__object #(, #parts?)*))
            };
            // SAFETY: the stub passes a place for the result.
            unsafe { __p::#guard::<#ret>(__out, __body) }
        }
    }
}
