//! The mock: `MockStore`, strict, verified when it is dropped.
//!
//! In: a contract. Out: a struct with a slot a method, the functions that expect and look back, and the trait. What all mocks
//! share is in `plugin_contracts::mock`: little is printed, because every line is compiled for every method.

mod based;
mod form;
mod names;

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::Attribute;

use self::form::Forms;
use self::names::Names;
use super::contract::{signature, this};
use super::{asynchronous, names as all, silence};
use crate::syntax::{Contract, Method, Receiver, Version, Waiting, plain_name, references};

/// The mock beside its trait, compiled when `plugin-contracts` has its feature `mock`: in tests of other crates too.
pub(super) fn emit_gated(contract: &Contract) -> TokenStream {
    let krate = &contract.arguments.krate;
    let mock = emit(contract);
    quote!(#krate::__if_mock! { #mock })
}

/// A method with the names and the forms that its mock has.
struct Mocked<'a> {
    method: &'a Method,
    cfgs: Vec<&'a Attribute>,
    field: Ident,
    expect: Ident,
    calls: Ident,
    /// `(Ref<str>, Own<u64>), Own<bool>`
    forms: TokenStream,
}

/// The mock, for a file that is included where it is wanted.
#[must_use]
pub(crate) fn emit(contract: &Contract) -> TokenStream {
    if !contract.bases.is_empty() {
        return based::emit(contract);
    }
    let as_base = based::as_base(contract);
    let Contract { ident, vis, .. } = contract;
    let (krate, id) = (&contract.arguments.krate, &contract.arguments.id);
    let (mock, form, silence) = (all::mock(ident), all::form(ident), silence());
    let mut names = Names::new(contract);
    let [new, lenient, wrapping, wrapping_box, at_version, without_log, with_times, verify, checkpoint] = [
        "new",
        "lenient",
        "wrapping",
        "wrapping_box",
        "at_version",
        "without_log",
        "with_times",
        "verify",
        "checkpoint",
    ]
    .map(|name| names.fixed(name));
    let mut forms = Forms::new(form.clone());
    let methods = mocked(contract, &mut names, &mut forms);
    let forms = forms.emit();

    let slots = methods.iter().map(slot);
    let own = methods.iter().map(own_functions);
    let all: Vec<_> =
        methods.iter().map(|Mocked { cfgs, field, .. }| quote!(#(#cfgs)* &self.#field)).collect();
    let clears = methods
        .iter()
        .map(|Mocked { cfgs, field, .. }| quote!(#(#cfgs)* __m::Verify::clear(&mut self.#field);));
    let behind = methods
        .iter()
        .map(|Mocked { cfgs, field, .. }| quote!(#(#cfgs)* #field: __m::Slot::behind(&self.#field)));
    let latest = version(contract.arguments.version);
    let sinces = sinces(&methods, quote!(__mock));
    let of_trait = methods.iter().map(|mocked| mock_method(contract, mocked, None));
    let (mock_name, doc) = (
        mock.to_string(),
        format!(
            "A mock of [`{ident}`]: a call that nobody expects panics, and dropping the mock verifies that every expectation was met."
        ),
    );
    let private = quote!(#krate::mock::__private);
    let types = methods.iter().map(|mocked| slot_type(mocked, &private));
    quote! {
        #[doc = #doc]
        #silence
        #vis struct #mock {
            state: #private::State,
            real: ::core::option::Option<::std::boxed::Box<dyn #ident>>,
            #(#types,)*
        }

        #[doc(hidden)]
        #silence
        #vis struct #form<const __AT: usize>;

        #silence
        const _: () = {
            use #private as __m;

            #forms

            impl #mock {
                /// A mock that expects nothing.
                #[must_use]
                pub fn #new() -> Self {
                    Self {
                        state: __m::State::new(#mock_name, #id, (::core::file!(), ::core::line!(), ::core::column!())),
                        real: ::core::option::Option::None,
                        #(#slots,)*
                    }
                }

                /// A mock that answers what nobody expects with a default, or `Ok` with one.
                #[must_use]
                pub fn #lenient() -> Self {
                    let mut __mock = Self::#new();
                    __mock.state.lenient = true;
                    __mock
                }

                /// A spy: what nobody expects is asked of this object.
                #[must_use]
                pub fn #wrapping(real: impl #ident + 'static) -> Self {
                    Self::#wrapping_box(::std::boxed::Box::new(real))
                }

                /// A spy around an object that is one already: a loaded plugin's, say.
                #[must_use]
                pub fn #wrapping_box(real: ::std::boxed::Box<dyn #ident>) -> Self {
                    let mut __mock = Self::#new();
                    __mock.state.real = true;
                    __mock.real = ::core::option::Option::Some(real);
                    __mock
                }

                /// A mock of this or an older version of the contract: it lacks the methods that came later.
                ///
                /// # Panics
                /// It is no such version, or one that lacks a method without a default body.
                #[must_use]
                #[track_caller]
                pub fn #at_version(version: &::core::primitive::str) -> Self {
                    let mut __mock = Self::#new();
                    let __version = __m::Version::of(version, #latest);
                    #(#sinces)*
                    __mock
                }

                /// Does not write calls down.
                #[must_use]
                pub fn #without_log(mut self) -> Self {
                    self.state.log = false;
                    self
                }

                /// Writes down when each call came, too.
                #[must_use]
                pub fn #with_times(mut self) -> Self {
                    self.state.times = true;
                    self
                }

                /// Whether all that was expected came, and nothing else. An unexpected call is told once.
                ///
                /// # Errors
                /// What did not come, and what came.
                pub fn #verify(&self) -> ::core::result::Result<(), __m::MockReport> {
                    self.state.verify(&[#(#all),*])
                }

                /// Verifies, forgets every expectation and the log, and begins anew.
                ///
                /// # Panics
                /// Something expected did not come, or an unexpected call was not noticed.
                #[track_caller]
                pub fn #checkpoint(&mut self) {
                    let __verdict = self.#verify();
                    #(#clears)*
                    self.state.checkpoint(__verdict);
                }

                #(#own)*
            }

            impl #ident for #mock {
                #(#of_trait)*
            }

            impl __m::Mock for #mock {
                type Contract = dyn #ident;

                fn around(real: ::std::boxed::Box<dyn #ident>) -> Self {
                    Self::#wrapping_box(real)
                }

                fn state(&mut self) -> &mut __m::State {
                    &mut self.state
                }

                #[track_caller]
                fn behind(&self) -> Self {
                    Self { state: self.state.behind(), real: ::core::option::Option::None, #(#behind,)* }
                }
            }

            impl ::core::default::Default for #mock {
                fn default() -> Self {
                    Self::#new()
                }
            }

            impl ::core::ops::Drop for #mock {
                fn drop(&mut self) {
                    self.state.dropped(&[#(#all),*]);
                }
            }
        };
        #as_base
    }
}

/// A method's field, as it begins.
fn slot(Mocked { method, cfgs, field, .. }: &Mocked<'_>) -> TokenStream {
    let (name, optional) = (method.name(), method.body.is_some());
    let args = method.args.iter().map(|arg| plain_name(&arg.ident));
    quote! {
        #(#cfgs)* #field: __m::Slot::new(&__m::Method { name: #name, args: &[#(#args),*], optional: #optional })
    }
}

fn slot_type(Mocked { cfgs, field, forms, .. }: &Mocked<'_>, private: &TokenStream) -> TokenStream {
    let ty = in_full(quote!(__m::Slot<#forms>), private);
    quote!(#(#cfgs)* #field: #ty)
}

/// What an older version lacks.
fn sinces<'a>(methods: &'a [Mocked<'_>], mock: TokenStream) -> impl Iterator<Item = TokenStream> + 'a {
    methods.iter().filter_map(move |Mocked { method, cfgs, field, .. }| {
        let since = version(method.since?);
        Some(quote!(#(#cfgs)* #mock.#field.at_version(__version, #since);))
    })
}

/// `Version(1, 1, 0)`
fn version(version: Version) -> TokenStream {
    let Version { major, minor, patch } = version;
    quote!(__m::Version(#major, #minor, #patch))
}

/// The tokens with the path that `__m` stands for, where that name is not known.
fn in_full(tokens: TokenStream, path: &TokenStream) -> TokenStream {
    let full = |token| match token {
        TokenTree::Ident(ident) if ident == "__m" => path.clone(),
        TokenTree::Group(group) => {
            Group::new(group.delimiter(), in_full(group.stream(), path)).into_token_stream()
        }
        token => token.into(),
    };
    tokens.into_iter().flat_map(full).collect()
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
        Mocked { method, cfgs, field: all::field(at), expect, calls, forms }
    });
    mocked.collect()
}

fn own_functions(mocked: &Mocked<'_>) -> TokenStream {
    let Mocked { method, cfgs, field, expect, calls, forms } = mocked;
    let expects = format!("Expects a call of `{}`; say more with what this returns.", method.name());
    let looks_back = format!("The calls of `{}` so far, in order.", method.name());
    quote! {
        #(#cfgs)*
        #[doc = #expects]
        #[track_caller]
        pub fn #expect(&mut self) -> &mut __m::Expectation<#forms> {
            self.#field.expect()
        }

        #(#cfgs)*
        #[doc = #looks_back]
        #[must_use]
        pub fn #calls(&self) -> ::std::vec::Vec<__m::Call<#forms>> {
            self.#field.calls()
        }
    }
}

/// A method of the trait, where the fields are in a part of the mock or in the mock itself, which can wrap an object then.
fn mock_method(contract: &Contract, mocked: &Mocked<'_>, part: Option<&Ident>) -> TokenStream {
    let Mocked { method, cfgs, field, .. } = mocked;
    let (ident, this, the_trait) = (&method.ident, this(method), &contract.ident);
    let own = part.map_or_else(|| quote!(#this), |part| quote!(__m::Mocked::part::<#part>(#this)));
    let signature = signature(method, &quote!(#ident));
    let args: Vec<_> = method.args.iter().map(|arg| &arg.ident).collect();
    let waits = method.waiting != Waiting::Blocks;
    let wait = if waits { quote!(.await) } else { quote!() };
    let (lend, real) = match method.receiver {
        Receiver::Shared => (quote!(&), quote!(__m::real)),
        Receiver::Exclusive => (quote!(&mut), quote!(__m::real_mut)),
    };
    let real = quote!(#the_trait::#ident(#real(#lend #this.real) #(, #args)*) #wait);
    let (defaults, default) = (all::defaults(&contract.ident), all::default_body(ident));
    let elsewhere = match (&method.body, part) {
        (None, None) => real,
        (None, Some(_)) => quote!(::core::unreachable!("it wraps no object")),
        (Some(_), Some(_)) => quote!(#defaults::#default(#this #(, #args)*) #wait),
        (Some(_), None) => {
            quote! {
                match #this.real {
                    ::core::option::Option::Some(_) => #real,
                    ::core::option::Option::None => #defaults::#default(#this #(, #args)*) #wait,
                }
            }
        }
    };
    // What is borrowed of an object that may be changed cannot be looked at once more.
    let done = if method.receiver == Receiver::Exclusive && references(&method.ret) > 0 {
        quote!(__result)
    } else {
        quote!(#own.#field.done(&#own.state, __at, __result))
    };
    let begin = if waits {
        quote! {{
            let __args = (#(#args,)*);
            let __begun = #own.#field.begin(&#own.state, &__args, __place);
            if let ::core::option::Option::Some(__time) = #own.#field.delay(&__begun) {
                __m::delay(__time).await;
            }
            #own.#field.finish(&#own.state, __begun, __args)
        }}
    } else {
        quote!(#own.#field.call(&#own.state, (#(#args,)*)))
    };
    let body = quote! {
        match #begin {
            __m::Answer::Ready(__result) => __result,
            __m::Answer::Elsewhere((#(#args,)*), __at) => {
                let __result = #elsewhere;
                #done
            }
        }
    };
    let body = if waits {
        let body = asynchronous::body(&method.ret, &body);
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
