//! The plugin's side: one `extern "C"` function a method, for whatever type implements the trait.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;

use super::pass::{self, Taken};
use super::{first_span, names};
use crate::syntax::{Contract, Method, Receiver, Waiting};

pub(super) fn emit(contract: &Contract) -> TokenStream {
    let ident = &contract.ident;
    let methods = || contract.methods.iter().enumerate();
    let shims = methods().map(|(at, method)| shim(contract, at, method));
    let direct = || methods().filter(|(_, method)| method.is_direct());
    let direct_shims = direct().map(|(at, method)| direct_shim(contract, at, method));
    let rows = methods().map(|(at, method)| row(at, method, &method.name()));
    let direct_rows = direct().map(|(at, method)| direct_row(at, method));
    // Whoever has an object of an older side asks for the names that methods had.
    let former = methods()
        .flat_map(|(at, method)| method.former_names().into_iter().map(move |name| row(at, method, &name)));
    let own = quote!(&[#(#rows,)* #(#direct_rows,)* #(#former,)*]);
    let bases: Vec<_> = contract
        .bases
        .iter()
        .map(|base| quote_spanned!(first_span(base)=> <dyn #base as __p::RowsFor<__A>>))
        .collect();
    let rows = if bases.is_empty() {
        own
    } else {
        quote! {
            // SAFETY: the macros make rows by `Row::new`.
            &unsafe { __p::all_rows::<{ __p::count_rows(__METHODS) }>(&[#(#bases::ROWS),*], #own) }
        }
    };
    quote! {
        #(#shims)*
        #(#direct_shims)*
        // SAFETY: each row's pointer is the shim of its method for `__A`, and its fingerprint is that method's.
        unsafe impl<__A: __p::Access> __p::RowsFor<__A> for dyn #ident
        where
            __A::Target: #ident + 'static,
        {
            const ROWS: &'static [__p::Row] = #rows;
        }

        impl<__T: #ident + 'static> __p::ExportOf<__T> for dyn #ident {
            fn boxed(__value: __T) -> __p::Box<Self> {
                __p::Box::new(__value)
            }
        }
    }
}

fn row(at: usize, method: &Method, name: &str) -> TokenStream {
    let (print, shim) = (names::print(at), names::shim(at));
    let cfgs = method.cfgs();
    quote!(#(#cfgs)* __p::Row::new(#name, #print, #shim::<__A> as *const ()))
}

fn direct_row(at: usize, method: &Method) -> TokenStream {
    let (name, print, shim) = (method.direct_name(), names::print(at), names::direct_shim(at));
    let cfgs = method.cfgs();
    quote! {
        #(#cfgs)*
        __p::Row::direct(#name, #print, if __A::KEEPS { __p::Some(#shim::<__A> as *const ()) } else { __p::None })
    }
}

/// For a method that takes and returns nothing but numbers, and promises not to panic.
fn direct_shim(contract: &Contract, at: usize, method: &Method) -> TokenStream {
    let (ident, name, shim) = (&contract.ident, &method.ident, names::direct_shim(at));
    let cfgs = method.cfgs();
    let parts: Vec<_> = (0..method.args.len()).map(names::part).collect();
    let types = method.args.iter().map(|arg| &arg.ty);
    let ret = &method.ret;
    quote! {
        #(#cfgs)*
        unsafe extern "C" fn #shim<__A: __p::Access>(__object: *mut (), #(#parts: #types),*) -> #ret
        where
            __A::Target: #ident + 'static,
        {
            // SAFETY: the pointer was made for this shim, and the stub borrows the object as the receiver says.
            let __object = unsafe { __A::shared(__object) };
            <__A::Target as #ident>::#name(__object, #(#parts),*)
        }
    }
}

fn shim(contract: &Contract, at: usize, method: &Method) -> TokenStream {
    let (ident, name, shim) = (&contract.ident, &method.ident, names::shim(at));
    let cfgs = method.cfgs();
    let out = super::stub::out(method);
    let parts: Vec<_> = (0..method.args.len()).map(names::part).collect();
    let params = method.args.iter().zip(&parts).map(|(arg, part)| {
        let wire = pass::wire(&arg.ty);
        quote!(#part: #wire)
    });
    let taken: Vec<Taken> = method
        .args
        .iter()
        .zip(&parts)
        .map(|(arg, part)| pass::take(&arg.ty, &crate::syntax::plain_name(&arg.ident), part))
        .collect();
    let object = match method.receiver {
        Receiver::Shared => quote! {
            // SAFETY: the pointer was made for this shim, and the stub borrows the object as the receiver says.
            let __object = unsafe { __A::shared(__object) };
        },
        Receiver::Exclusive => quote! {
            // SAFETY: the pointer was made for this shim, and the stub borrows the object as the receiver says.
            let __object = unsafe { __A::exclusive(__object) }.ok_or(__p::Rejected::SHARED)?;
        },
    };
    let call = quote!(<__A::Target as #ident>::#name);
    let guard = if method.nounwind { quote!(__A::respond_unguarded) } else { quote!(__A::respond) };
    let body = if method.waiting == Waiting::Blocks {
        body(&object, &call, &taken, &method.ret, Some(&quote!(__object)), &guard)
    } else {
        future(&object, &call, &taken, method)
    };
    quote! {
        #(#cfgs)*
        unsafe extern "C" fn #shim<__A: __p::Access>(
            __object: *mut (),
            #(#params,)*
            __out: *mut __p::Out<#out>,
        ) -> __p::Answer
        where
            __A::Target: #ident + 'static,
        {
            #body
        }
    }
}

/// Takes the arguments, finds the object, calls, and writes what comes of it.
pub(super) fn body(
    object: &TokenStream,
    call: &TokenStream,
    taken: &[Taken],
    ret: &Type,
    receiver: Option<&TokenStream>,
    guard: &TokenStream,
) -> TokenStream {
    let firsts = taken.iter().map(|taken| &taken.first);
    let checks = taken.iter().map(|taken| &taken.check);
    let thens = taken.iter().map(|taken| &taken.then);
    let args = receiver.into_iter().chain(taken.iter().map(|taken| &taken.value));
    let (carried, result) = (pass::carried(ret), pass::wrap(ret, &quote!(__result)));
    quote! {
        let __body = || {
            #(#firsts)*
            #object
            #(#checks)*
            #(#thens)*
            let __result = #call(#(#args),*);
            __p::Ok(#result)
        };
        // SAFETY: the caller passes a place for the result.
        unsafe { #guard::<#carried>(__out, __body) }
    }
}

/// The same, for an `async` method: what is written is its future. Where something was lent, a stub for it stands in a future
/// around it.
fn future(object: &TokenStream, call: &TokenStream, taken: &[Taken], method: &Method) -> TokenStream {
    let firsts = taken.iter().map(|taken| &taken.first);
    let checks = taken.iter().map(|taken| &taken.check);
    let values: Vec<_> = taken.iter().map(|taken| &taken.value).collect();
    let thens: TokenStream = taken.iter().map(|taken| taken.then.clone()).collect();
    let send = if method.waiting == Waiting::Local { quote!() } else { quote!(+ __p::Send) };
    let wrapped = pass::wrap(&method.ret, &quote!(__result));
    let plain = thens.is_empty() && pass::is_itself(&method.ret);
    let carried = pass::carried(&method.ret);
    let future = quote!(__p::Pin<__p::Box<dyn __p::Future<Output = #carried> #send + '_>>);
    let begin = if plain {
        quote!(let __future: #future = #call(__object #(, #values)*);)
    } else {
        // What was taken is checked before there is a future.
        quote! {
            let __future: #future = __p::Box::pin(async move {
                #thens
                let __result = #call(__object #(, #values)*).await;
                #wrapped
            });
        }
    };
    quote! {
        let __body = || {
            #(#firsts)*
            #object
            #(#checks)*
            #begin
            __p::Ok(__future)
        };
        // SAFETY: the caller passes a place for the future.
        unsafe { __p::respond::<#future>(__out, __body) }
    }
}
