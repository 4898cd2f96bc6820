//! The contract as consts: types, fingerprints, the note, and the assertion that they are what the lock promised.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{PathArguments, Type};

use super::pass::{desc, is_what_it_seems};
use super::{as_contract, first_span, last_span, lends, names, promise};
use crate::lock::Promise;
use crate::syntax::{Contract, Method, Receiver, Waiting, is_built_in, parts, references, type_text};

pub(super) fn emit(contract: &Contract, promise: &Promise) -> TokenStream {
    let Contract { ident, bases, .. } = contract;
    let (id, version) = (&contract.arguments.id, contract.arguments.version.to_string());
    let name = crate::syntax::plain_name(ident);
    let consts = contract.methods.iter().enumerate().map(|(at, method)| consts(contract, at, method));
    let methods = contract.methods.iter().enumerate().map(|(at, method)| row(at, method));
    let locked = promise.locked;
    let track = if promise.track {
        // Without this cargo does not rebuild when the lock changes, and drift passes in silence.
        let file = format!("/{}", plugin_abi::name::LOCK_FILE);
        quote!(
            const _: &[u8] =
                ::core::include_bytes!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #file));
        )
    } else {
        quote!()
    };
    // By their names alone `Send` and `Sync` could be somebody's own.
    let bound = |is: bool, marker: TokenStream| {
        is.then(|| {
            quote! {
                const _: fn() = || {
                    fn __is<__T: ?::core::marker::Sized + ::core::marker::#marker>() {}
                    __is::<dyn #ident>();
                };
            }
        })
    };
    let (send_holds, sync_holds) = (bound(contract.send, quote!(Send)), bound(contract.sync, quote!(Sync)));
    let (send, sync) = threads(contract);
    let own = quote!(&[#(#methods),*]);
    let (based, methods, base_descs) = if bases.is_empty() {
        (quote!(), own, quote!(&[]))
    } else {
        let all = quote!(&__p::all_methods::<{ __INHERITED.len() + __OWN.len() }>(__INHERITED, __OWN));
        (self::bases(contract, &own), all, quote!(__BASES))
    };
    let held = promise::of_contract(contract, promise);
    let declared = note(
        plugin_abi::name::DECLARED_SECTION,
        &quote!(__p::RecordKind::Declares),
        &quote!(""),
        &quote!(&__DESC),
    );
    let linked = written(
        plugin_abi::name::NOTE_SECTION,
        true,
        &quote!(__LINKED),
        &quote!(&__p::RecordDesc { kind: __p::RecordKind::Links, ..*__RECORD }),
    );
    quote! {
        #track
        #based
        #(#consts)*
        const __METHODS: &[__p::MethodDesc] = #methods;
        static __DESC: __p::ContractDesc = __p::ContractDesc {
            id: #id,
            version: #version,
            name: #name,
            package: __PACKAGE,
            send: #send,
            sync: #sync,
            locked: #locked,
            bases: #base_descs,
            methods: __METHODS,
            fingerprint: __p::Fingerprint::of_contract(__METHODS),
        };
        #held
        #send_holds
        #sync_holds
        #declared
        #linked
    }
}

/// Whether the contract demands `Send`, and whether `Sync`, of its own or by a base.
pub(super) fn threads(contract: &Contract) -> (TokenStream, TokenStream) {
    let bases: Vec<_> = contract.bases.iter().map(as_contract).collect();
    let (send, sync) = (contract.send, contract.sync);
    (quote!(#send #(|| #bases::DESC.send)*), quote!(#sync #(|| #bases::DESC.sync)*))
}

/// What the contracts that this one is built on bring, and that they can stand together.
fn bases(contract: &Contract, own: &TokenStream) -> TokenStream {
    let bases: Vec<_> = contract.bases.iter().map(as_contract).collect();
    let id = &contract.arguments.id;
    let fields = (0..bases.len()).map(names::base);
    let apart = asserted(&contract.supertraits, &quote!(__p::apart(#id, __BASES)));
    let taken = contract.methods.iter().map(|method| {
        let cfgs = method.cfgs();
        let name = method.name();
        let former = method.renamed_from.iter().map(|former| {
            let name = former.value();
            asserted(former, &quote!(__p::taken(__BASES, #name)))
        });
        let own = asserted(&method.ident, &quote!(__p::taken(__BASES, #name)));
        quote!(#(#cfgs)* const _: () = { #own #(#former)* };)
    });
    quote! {
        const __BASES: &[__p::BaseDesc] = &[#(
            __p::BaseDesc {
                object: #bases::OBJECT_ID,
                offset: ::core::mem::offset_of!(__Table, #fields),
                contract: #bases::DESC,
            }
        ),*];
        const _: () = { #apart };
        #(#taken)*
        const __INHERITED: &[__p::MethodDesc] =
            &__p::inherited::<{ __p::count_inherited(__BASES) }>(__BASES);
        const __OWN: &[__p::MethodDesc] = #own;
    }
}

/// That nothing is to be said here.
fn asserted(at: &impl ToTokens, problem: &TokenStream) -> TokenStream {
    let (start, end) = (first_span(at), last_span(at));
    let holds = quote_spanned!(start=> ::core::assert!);
    let or_say = quote_spanned!(end=> (__PROBLEM.is_empty(), "{}", __PROBLEM.text()));
    quote!({
        const __PROBLEM: __p::Written = #problem;
        #holds #or_say;
    })
}

/// The note with these contracts, and the package that is compiled.
pub(super) fn note(
    section: &str,
    kind: &TokenStream,
    symbol: &TokenStream,
    contracts: &TokenStream,
) -> TokenStream {
    // A contract refers to its own, by `NOTED`.
    let used = section == plugin_abi::name::NOTE_SECTION;
    let note = written(section, used, &quote!(__NOTE), &quote!(__RECORD));
    quote! {
        const __PACKAGE: __p::Package = __p::Package {
            name: ::core::env!("CARGO_PKG_NAME"),
            version: ::core::env!("CARGO_PKG_VERSION"),
        };
        const __RECORD: &__p::RecordDesc = &__p::RecordDesc {
            kind: #kind,
            package: __PACKAGE,
            symbol: #symbol,
            contracts: &[#contracts],
        };
        #note
    }
}

/// A record in a section. What is not `used` is there for as long as somebody can refer to it: in the crate, and not in what it is
/// linked into.
fn written(section: &str, used: bool, name: &TokenStream, record: &TokenStream) -> TokenStream {
    let used = used.then(|| quote!(#[used]));
    quote! {
        #used
        #[cfg_attr(
            not(any(target_vendor = "apple", windows, target_family = "wasm")),
            unsafe(link_section = #section)
        )]
        static #name: __p::Note<{ __p::note_length(#record) }> = __p::Note::of(#record);
    }
}

/// A method's shape and fingerprint, one const each: one const for all would run into rustc's limit.
fn consts(contract: &Contract, at: usize, method: &Method) -> TokenStream {
    let (shape, print) = (names::shape(at), names::print(at));
    let cfgs: Vec<_> = method.cfgs().collect();
    let (send, sync) = threads(contract);
    let receiver = match method.receiver {
        Receiver::Shared => quote!(Shared),
        Receiver::Exclusive => quote!(Exclusive),
    };
    let waiting = match method.waiting {
        Waiting::Blocks => quote!(Blocks),
        Waiting::Async => quote!(Async),
        Waiting::Local => quote!(Local),
    };
    let args = method.args.iter().map(|arg| {
        let name = crate::syntax::plain_name(&arg.ident);
        let ty = desc(&arg.ty);
        quote!(__p::Arg { name: #name, ty: #ty })
    });
    let ret = desc(&method.ret);
    let role = method.role.as_ref().map_or("", |role| &role.text);
    let lent =
        method.args.iter().map(|arg| lends(&arg.ty, references(&arg.ty), "an argument borrows out of sight"));
    let lent = lent.chain([lends(&method.ret, references(&method.ret), "a result borrows out of sight")]);
    let lent = lent.map(|holds| quote!(const _: () = #holds;));
    let lent = lent.chain(method.args.iter().map(|arg| is_what_it_seems(&arg.ty)));
    let lent = lent.filter(|holds| !holds.is_empty()).map(|holds| quote!(#(#cfgs)* #holds));
    quote! {
        #(#cfgs)*
        const #shape: &__p::Shape = &__p::Shape {
            receiver: __p::Receiver::#receiver,
            waiting: __p::Waiting::#waiting,
            args: &[#(#args),*],
            ret: #ret,
            role: #role,
        };
        #(#cfgs)*
        const #print: __p::Fingerprint = __p::Fingerprint::of_method(#shape, #send, #sync);
        #(#lent)*
    }
}

fn row(at: usize, method: &Method) -> TokenStream {
    let (shape, print) = (names::shape(at), names::print(at));
    let cfgs = method.cfgs();
    let (name, signature) = (method.name(), &method.signature);
    let since = method.since.map_or_else(String::new, |since| since.to_string());
    let (optional, direct) = (method.body.is_some(), method.is_direct());
    let renamed_from = method.renamed_from.iter().map(syn::LitStr::value);
    let mut mentions = BTreeMap::new();
    for ty in method.args.iter().map(|arg| &arg.ty).chain([&method.ret]) {
        mention(ty, &mut mentions);
    }
    let mentions = mentions.into_iter().map(|(text, ty)| {
        let ty = desc(&ty);
        quote!(__p::Mention { text: #text, ty: #ty })
    });
    quote! {
        #(#cfgs)*
        __p::MethodDesc {
            name: #name,
            from: "",
            signature: #signature,
            renamed_from: &[#(#renamed_from),*],
            since: #since,
            optional: #optional,
            direct: #direct,
            shape: #shape,
            mentions: &[#(#mentions),*],
            fingerprint: #print,
        }
    }
}

/// Collects the paths that are the author's own: an alias among them shows in the descriptor only.
fn mention(ty: &Type, found: &mut BTreeMap<String, Type>) {
    if let Type::Path(path) = ty {
        let Some(last) = path.path.segments.last() else { return };
        let arguments = match &last.arguments {
            PathArguments::AngleBracketed(arguments) => arguments.args.len(),
            _ => 0,
        };
        let text = type_text(ty);
        // `Result<T>` with one parameter is somebody's alias, whatever its name.
        let alias = last.ident == "Result" && arguments != 2;
        let head = text.split('<').next().unwrap_or_default();
        if alias || !(is_built_in(head) || is_pointer(head)) {
            found.insert(text, ty.clone());
        }
    }
    // A `Path` is lent, and has no descriptor without its reference.
    if matches!(ty, Type::Reference(reference) if type_text(&reference.elem) == "Path") {
        return;
    }
    for part in parts(ty) {
        mention(part, found);
    }
}

/// What crosses only with a trait object in it, and has no descriptor without.
fn is_pointer(head: &str) -> bool {
    matches!(head, "Arc" | "Pin")
}
