//! The mock: `MockStore`, strict, verified when it is dropped.
//!
//! In: a contract. Out: a part with a slot a method, the functions that expect and look back, and the trait. What all mocks
//! share is in `plugin_contracts::mock`: little is printed, because every line is compiled for every method.

mod based;
mod form;
mod names;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Attribute;

use self::based::Bases;
use self::form::Forms;
use self::names::Names;
use super::contract::{signature, this};
use super::{asynchronous, names as all, silence};
use crate::syntax::{Contract, Method, Receiver, Version, Waiting, is_sink, plain_name, references};

/// The mock beside its trait, compiled when `plugin-contracts` has its feature `mock`: in tests of other crates too.
pub(super) fn emit_gated(contract: &Contract) -> TokenStream {
    let krate = &contract.arguments.krate;
    let mock = emit(contract);
    quote!(#krate::__if_mock! { #mock })
}

/// A method with the names and the forms that its mock has.
struct Mocked<'a> {
    /// Its place among the methods.
    at: usize,
    method: &'a Method,
    cfgs: Vec<&'a Attribute>,
    expect: Ident,
    calls: Ident,
    /// `Ref<str>`, `Own<u64>`
    args: Vec<TokenStream>,
    /// `(Ref<str>, Own<u64>), Own<bool>`
    forms: TokenStream,
}

/// The mock, for a file that is included where it is wanted: `Mocked` of a part that is printed.
/// The trait is implemented for every mock that has the part, so that those of contracts that are built on this one have it too.
#[must_use]
pub(crate) fn emit(contract: &Contract) -> TokenStream {
    let Contract { ident, vis, .. } = contract;
    let krate = &contract.arguments.krate;
    let (mock, part, form, silence) = (all::mock(ident), all::mock_part(ident), all::form(ident), silence());
    let mut names = Names::new(contract);
    let style = names.style();
    let mut forms = Forms::new(form.clone());
    let methods = mocked(contract, &mut names, &mut forms);
    let forms = forms.emit();
    let own = methods.iter().map(own_functions);
    let desc = desc(contract, &methods);
    let Bases { fields, part: of_bases, new, behind } = Bases::of(contract);
    let of_trait = methods.iter().map(|mocked| mock_method(contract, mocked));
    let supertraits = &contract.supertraits;
    let condition = (!supertraits.is_empty()).then(|| quote!(__m::Mocked<__M>: #supertraits,));
    let of = if contract.bases.is_empty() { "" } else { " and of what it is built on" };
    let doc = format!(
        "A mock of [`{ident}`]{of}: a call that nobody expects panics, and dropping the mock verifies that every expectation was met."
    );
    let private = quote!(#krate::mock::__private);
    quote! {
        #[doc = #doc]
        #silence
        #vis type #mock = #private::Mocked<#part>;

        #[doc(hidden)]
        #silence
        #vis struct #part {
            state: #private::State,
            #fields
        }

        #[doc(hidden)]
        #silence
        #vis struct #form<const __AT: usize>;

        #silence
        const _: () = {
            use #private as __m;

            #forms

            #desc

            impl #part {
                #(#own)*
            }

            impl __m::Part for #part {
                fn state(&self) -> &__m::State {
                    &self.state
                }

                fn state_mut(&mut self) -> &mut __m::State {
                    &mut self.state
                }

                #of_bases
            }

            impl __m::Parts for #part {
                type Contract = dyn #ident;
                type Names = __m::#style;

                fn new() -> Self {
                    Self { state: __m::State::new(&__DESC), #new }
                }

                #[track_caller]
                fn behind(&self) -> Self {
                    Self { state: self.state.behind(), #behind }
                }
            }

            impl<__M: __m::Parts> #ident for __m::Mocked<__M>
            where
                __M::Contract: #ident,
                #condition
            {
                #(#of_trait)*
            }

            impl __m::HasMock for dyn #ident {
                type Mock = #mock;
            }
        };
    }
}

/// What the run-time knows of the contract.
fn desc(contract: &Contract, methods: &[Mocked<'_>]) -> TokenStream {
    let (name, id) = (all::mock(&contract.ident).to_string(), &contract.arguments.id);
    let latest = version(contract.arguments.version);
    let methods = methods.iter().map(|Mocked { method, .. }| {
        let (name, optional) = (method.name(), method.body.is_some());
        let args = method.args.iter().map(|arg| plain_name(&arg.ident));
        let since = match method.since {
            Some(since) => {
                let since = version(since);
                quote!(::core::option::Option::Some(#since))
            }
            None => quote!(::core::option::Option::None),
        };
        quote!(__m::Method { name: #name, args: &[#(#args),*], optional: #optional, since: #since })
    });
    quote! {
        static __DESC: __m::Desc = __m::Desc {
            name: #name,
            contract: #id,
            latest: #latest,
            own: (::core::file!(), ::core::line!(), ::core::column!()),
            methods: &[#(#methods),*],
        };
    }
}

/// `Version(1, 1, 0)`
fn version(version: Version) -> TokenStream {
    let Version { major, minor, patch } = version;
    quote!(__m::Version(#major, #minor, #patch))
}

fn mocked<'a>(contract: &'a Contract, names: &mut Names, forms: &mut Forms) -> Vec<Mocked<'a>> {
    let (expects, calls) =
        (names.of_methods(contract, names::expect), names.of_methods(contract, names::calls));
    let each = contract.methods.iter().enumerate().zip(expects.into_iter().zip(calls));
    let mocked = each.map(|((at, method), (expect, calls))| {
        let cfgs: Vec<_> = method.cfgs().collect();
        let args: Vec<_> = method.args.iter().map(|arg| forms.argument(&arg.ty, &cfgs)).collect();
        let ret = forms.result(&method.ret, &cfgs);
        let forms = quote!((#(#args,)*), #ret);
        Mocked { at, method, cfgs, expect, calls, args, forms }
    });
    mocked.collect()
}

fn own_functions(mocked: &Mocked<'_>) -> TokenStream {
    let Mocked { at, method, cfgs, expect, calls, forms, .. } = mocked;
    let expects = format!("Expects a call of `{}`; say more with what this returns.", method.name());
    let looks_back = format!("The calls of `{}` so far, in order.", method.name());
    quote! {
        #(#cfgs)*
        #[doc = #expects]
        #[track_caller]
        pub fn #expect(&mut self) -> &mut __m::Expectation<#forms> {
            self.state.expect(#at)
        }

        #(#cfgs)*
        #[doc = #looks_back]
        #[must_use]
        pub fn #calls(&self) -> ::std::vec::Vec<__m::Call<#forms>> {
            self.state.calls(#at)
        }
    }
}

/// A method of the trait.
fn mock_method(contract: &Contract, mocked: &Mocked<'_>) -> TokenStream {
    let Mocked { at, method, cfgs, args: arg_forms, forms, .. } = mocked;
    let (ident, this, the_trait) = (&method.ident, this(method), &contract.ident);
    let state = quote!(__m::Mocked::state_of(#this, &__DESC));
    // Looked for once, unless the mock is lent to be changed meanwhile.
    let (found, state) = match method.receiver {
        Receiver::Shared => (quote!(let __state = #state;), quote!(__state)),
        Receiver::Exclusive => (quote!(), state),
    };
    let signature = signature(method, &quote!(#ident));
    let args: Vec<_> = method.args.iter().map(|arg| &arg.ident).collect();
    let waits = method.waiting != Waiting::Blocks;
    let wait = if waits { quote!(.await) } else { quote!() };
    let object = match method.receiver {
        Receiver::Shared => quote!(__m::Mocked::real(#this)),
        Receiver::Exclusive => quote!(__m::Mocked::real_mut(#this)),
    };
    // What is lent to be written to is looked at when the object has answered.
    let written: Vec<_> =
        method.args.iter().zip(arg_forms).filter(|(arg, _)| form::is_written(&arg.ty)).collect();
    let lent = method.args.iter().map(|arg| {
        let name = &arg.ident;
        if is_sink(&arg.ty) { quote!(#name.reborrow()) } else { quote!(#name) }
    });
    let lent: Vec<_> = lent.collect();
    let wrote = written.iter().map(|(arg, form)| {
        let (name, text) = (&arg.ident, plain_name(&arg.ident));
        quote!(__at.wrote::<#form>(#text, &#name);)
    });
    let real = quote!(#the_trait::#ident(#object #(, #lent)*) #wait);
    let (defaults, default) = (all::defaults(&contract.ident), all::default_body(ident));
    let elsewhere = match &method.body {
        None => real,
        Some(_) => {
            quote!(if __m::Mocked::is_spy(#this) { #real } else { #defaults::#default(#this #(, #lent)*) #wait })
        }
    };
    // What is borrowed of an object that may be changed cannot be looked at once more.
    let done = if method.receiver == Receiver::Exclusive && references(&method.ret) > 0 {
        quote!(__result)
    } else {
        quote!(#state.done(__at, __result))
    };
    let answer = if waits {
        quote! {{
            let __args = (#(#args,)*);
            let __begun = #state.begin::<#forms>(#at, &__args, __place);
            if let ::core::option::Option::Some(__time) = #state.delay(&__begun) {
                __m::delay(__time).await;
            }
            #state.finish::<#forms>(__begun, __args)
        }}
    } else {
        quote!(#state.call::<#forms>(#at, (#(#args,)*)))
    };
    let at_pattern = if written.is_empty() { quote!(__at) } else { quote!(mut __at) };
    let taken = method.args.iter().map(|arg| {
        let (name, sink) = (&arg.ident, is_sink(&arg.ty));
        if sink { quote!(mut #name) } else { quote!(#name) }
    });
    let body = quote! {
        #found
        match #answer {
            __m::Answer::Ready(__result) => __result,
            __m::Answer::Elsewhere((#(#taken,)*), #at_pattern) => {
                let __result = #elsewhere;
                #(#wrote)*
                #done
            }
        }
    };
    let body = if waits {
        let body = asynchronous::body(&method.ret, &quote!({ #body }));
        quote! {
            let __place = ::core::panic::Location::caller();
            #body
        }
    } else {
        body
    };
    quote! {
        #(#cfgs)*
        #[track_caller]
        #signature {
            #body
        }
    }
}
