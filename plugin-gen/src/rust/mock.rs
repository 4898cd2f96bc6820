//! The mock: `MockStore`, strict, verified when it is dropped.
//!
//! In: a contract. Out: a struct with a list of expectations a method, a builder type a method, and the trait. What
//! all mocks share is in `plugin_contracts::mock`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::contract::{signature, this};
use super::{names, silence, with_lifetime};
use crate::syntax::{Arg, Contract, Method, Waiting, is_sink, parts, plain_name, plain_type, type_text};

/// The mock beside its trait, compiled when `plugin-contracts` has its feature `mock`: in tests of other crates too.
pub(super) fn emit_gated(contract: &Contract) -> TokenStream {
    let krate = &contract.arguments.krate;
    let mock = emit(contract);
    quote!(#krate::__if_mock! { #mock })
}

/// The mock, for a file that is included where it is wanted.
#[must_use]
pub(crate) fn emit(contract: &Contract) -> TokenStream {
    let Contract { ident, vis, .. } = contract;
    let krate = &contract.arguments.krate;
    let mock = names::mock(ident);
    let silence = silence();
    let expectations = contract.methods.iter().map(|method| expectation(contract, method));
    let fields = contract.methods.iter().map(|method| {
        let (name, expectation) = (&method.ident, names::expectation(ident, &method.name()));
        let cfgs = method.cfgs();
        quote!(#(#cfgs)* #name: ::std::vec::Vec<#expectation>)
    });
    let begins = contract.methods.iter().map(|method| begin(contract, method));
    let methods = contract.methods.iter().map(|method| mock_method(contract, method));
    let verifies = contract.methods.iter().map(|method| {
        let (name, text, cfgs) = (&method.ident, method.name(), method.cfgs());
        quote!(#(#cfgs)* __report.method(#text, self.#name.iter().map(|__one| __one.__describe()));)
    });
    let (mock_name, doc) = (
        mock.to_string(),
        format!(
            "A mock of [`{ident}`]: a call that no expectation admits panics, and dropping the mock verifies that every expectation was met."
        ),
    );
    quote! {
        #(#expectations)*

        #[doc = #doc]
        #silence
        #[derive(::core::default::Default)]
        #vis struct #mock {
            #(#fields,)*
        }

        #silence
        impl #mock {
            /// A mock that expects nothing.
            #[must_use]
            pub fn new() -> Self {
                ::core::default::Default::default()
            }

            #(#begins)*

            /// Whether every expectation is met so far.
            ///
            /// # Errors
            /// A report of those that are not.
            pub fn verify(&self) -> ::core::result::Result<(), #krate::mock::MockReport> {
                let mut __report = #krate::mock::MockReport::new(#mock_name);
                #(#verifies)*
                __report.finish()
            }
        }

        #silence
        impl #ident for #mock {
            #(#methods)*
        }

        #silence
        impl ::core::ops::Drop for #mock {
            fn drop(&mut self) {
                // Nested, because an expansion is of its user's edition, and 2021 has no chains of `let`.
                if !::std::thread::panicking() {
                    if let ::core::result::Result::Err(__report) = self.verify() {
                        ::core::panic!("{__report}");
                    }
                }
            }
        }
    }
}

/// The arguments that a predicate can look at: not closures, futures and objects, which can only be used.
fn visible(method: &Method) -> Vec<&Arg> {
    method.args.iter().filter(|arg| !is_dynamic(&arg.ty)).collect()
}

fn is_dynamic(ty: &Type) -> bool {
    matches!(ty, Type::TraitObject(_)) || parts(ty).into_iter().any(is_dynamic)
}

/// What a predicate sees of an argument: `str` of `&str`, `u64` of `u64`, of a sink the bytes that are there. What is borrowed
/// in it may be borrowed of anything.
fn predicate(krate: &TokenStream, ty: &Type) -> TokenStream {
    let seen = match plain_type(ty) {
        Type::Reference(reference) => with_lifetime(&reference.elem, "'__seen"),
        ty if is_sink(ty) => quote!([::core::primitive::u8]),
        ty => with_lifetime(ty, "'__seen"),
    };
    let any = seen.to_string().contains("'__seen").then(|| quote!(for<'__seen>));
    quote!(#any #krate::mock::Predicate<#seen>)
}

/// A reference to an argument as a predicate sees it.
fn lend(arg: &Arg) -> TokenStream {
    let ident = &arg.ident;
    match plain_type(&arg.ty) {
        Type::Reference(_) => quote!(#ident),
        ty if is_sink(ty) => quote!(#ident.as_slice()),
        _ => quote!(&#ident),
    }
}

fn expectation(contract: &Contract, method: &Method) -> TokenStream {
    let Contract { vis, ident, .. } = contract;
    let krate = &contract.arguments.krate;
    let name = names::expectation(ident, &method.name());
    let silence = silence();
    let cfgs: Vec<_> = method.cfgs().collect();
    let shown = visible(method);
    let args: Vec<_> = shown.iter().map(|arg| &arg.ident).collect();
    let texts: Vec<_> = args.iter().map(|arg| plain_name(arg)).collect();
    let types: Vec<_> = method.args.iter().map(|arg| &arg.ty).collect();
    let seen: Vec<_> = shown.iter().map(|arg| predicate(krate, &arg.ty)).collect();
    // What it borrows could be borrowed of nothing that the closure has.
    let ret = super::with_static(&method.ret);
    let doc = format!("What a mock expects of calls of `{}`.", method.name());
    let with = (!args.is_empty()).then(|| {
        quote! {
            /// Admits only calls whose arguments satisfy these predicates, one an argument, in order. Closures and objects
            /// among the arguments have none.
            pub fn with(&mut self #(, #args: impl #seen + 'static)*) -> &mut Self {
                #(self.#args = ::core::option::Option::Some(::std::boxed::Box::new(#args));)*
                self
            }
        }
    });
    quote! {
        #[doc = #doc]
        #silence
        #(#cfgs)*
        #vis struct #name {
            __base: #krate::mock::Expectation,
            __returning: ::core::option::Option<
                ::std::sync::Mutex<::std::boxed::Box<dyn ::core::ops::FnMut(#(#types),*) -> #ret + ::core::marker::Send>>,
            >,
            #(#args: ::core::option::Option<::std::boxed::Box<dyn #seen>>,)*
        }

        #silence
        #(#cfgs)*
        impl #name {
            #with

            /// How many calls are expected: a number, or a range such as `1..` or `1..=2`. Once, when nothing is said.
            pub fn times(&mut self, times: impl ::core::convert::Into<#krate::mock::Times>) -> &mut Self {
                self.__base.expect_times(times.into());
                self
            }

            /// What a call returns.
            pub fn returning(&mut self, result: impl ::core::ops::FnMut(#(#types),*) -> #ret + ::core::marker::Send + 'static) -> &mut Self {
                self.__returning = ::core::option::Option::Some(::std::sync::Mutex::new(::std::boxed::Box::new(result)));
                self
            }

            fn __describe(&self) -> #krate::mock::Described<'_> {
                self.__base.describe(::std::vec![
                    #((#texts, self.#args.as_ref().map(|__predicate| __predicate.describe()))),*
                ])
            }
        }
    }
}

fn begin(contract: &Contract, method: &Method) -> TokenStream {
    let krate = &contract.arguments.krate;
    let (ident, begin) = (&method.ident, names::expect(&method.ident));
    let expectation = names::expectation(&contract.ident, &method.name());
    let cfgs = method.cfgs();
    let args = visible(method).into_iter().map(|arg| &arg.ident);
    let doc = format!("Expects a call of `{}`; say more with what this returns.", method.name());
    quote! {
        #(#cfgs)*
        #[doc = #doc]
        #[track_caller]
        pub fn #begin(&mut self) -> &mut #expectation {
            let __at = self.#ident.len();
            self.#ident.push(#expectation {
                __base: #krate::mock::Expectation::here(),
                __returning: ::core::option::Option::None,
                #(#args: ::core::option::Option::None,)*
            });
            &mut self.#ident[__at]
        }
    }
}

fn mock_method(contract: &Contract, method: &Method) -> TokenStream {
    let krate = &contract.arguments.krate;
    let mock_name = names::mock(&contract.ident).to_string();
    let (ident, name) = (&method.ident, method.name());
    let cfgs = method.cfgs();
    let this = this(method);
    let signature = signature(method, &quote!(#ident));
    let args: Vec<_> = method.args.iter().map(|arg| &arg.ident).collect();
    let shown = method.args.iter().map(|arg| {
        let name = plain_name(&arg.ident);
        if is_dynamic(&arg.ty) {
            let text = format!("<{}>", type_text(&arg.ty));
            quote!((#name, ::std::string::ToString::to_string(#text)))
        } else {
            let lent = lend(arg);
            quote!((#name, (&#krate::mock::Shown(#lent)).show()))
        }
    });
    let (tested, lent): (Vec<_>, Vec<_>) =
        visible(method).into_iter().map(|arg| (&arg.ident, lend(arg))).unzip();
    let default = method.body.as_ref().map(|_| {
        let (defaults, default) = (names::defaults(&contract.ident), names::default_body(ident));
        let wait = if method.waiting == Waiting::Blocks { quote!() } else { quote!(.await) };
        quote! {
            if #this.#ident.is_empty() {
                return #defaults::#default(#this #(, #args)*) #wait;
            }
        }
    });
    let body = quote! {
        use #krate::mock::ShowOpaque as _;
        #default
        for __one in &#this.#ident {
            let __fits = true #(&& __one.#tested.as_ref().is_none_or(|__predicate| __predicate.matches(#lent)))*;
            if __fits && __one.__base.admit() {
                let ::core::option::Option::Some(__returning) = &__one.__returning else {
                    #krate::mock::no_result(#mock_name, #name, &__one.__describe());
                };
                // A closure that panicked before is asked again: the test has seen that panic.
                let mut __returning = __returning.lock().unwrap_or_else(::std::sync::PoisonError::into_inner);
                return __returning(#(#args),*);
            }
        }
        #krate::mock::unexpected(
            #mock_name,
            #name,
            &[#(#shown),*],
            #this.#ident.iter().map(|__one| __one.__describe()),
        )
    };
    let body = if method.waiting == Waiting::Blocks {
        body
    } else {
        super::asynchronous::body(&method.ret, &quote!({ #body }))
    };
    quote! {
        #(#cfgs)*
        #[track_caller]
        #signature {
            #body
        }
    }
}
