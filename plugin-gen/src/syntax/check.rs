//! What cannot cross, one rule a function, each with what to write instead.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{DeriveInput, Generics, LitStr, Path, Token, TraitBound, TypeParamBound, WhereClause};

use super::crossing::{Depth, Place, ty};
use super::{
    Contract, Fields, Lent, Method, Receiver, Variant, Waiting, holds_function, is_sink, kernel, parts, print,
};
use crate::report::{Code, Errors};

/// A contract is one trait with one table of pointers: it has no parameters.
pub(super) fn header(
    words: &TokenStream,
    generics: &Generics,
    condition: Option<&WhereClause>,
    errors: &mut Errors,
) {
    if !words.is_empty() {
        let message = format!("a contract cannot be `{words}`");
        errors.push(
            Code::P005,
            words,
            message,
            "write a plain `trait`; what implementors must promise belongs in its docs",
        );
    }
    if !generics.params.is_empty() {
        let help = "make one contract for each type, or let the methods take a derived enum";
        errors.push(Code::P005, &generics.params, "a contract cannot be generic", help);
    }
    if let Some(condition) = condition {
        let help = "write the bounds as supertraits: `Send`, `Sync`, `'static`";
        errors.push(Code::P005, condition, "a contract cannot have a where clause", help);
    }
}

/// What a contract demands of whatever implements it.
#[derive(Default)]
pub(super) struct Supertraits {
    pub(super) send: bool,
    pub(super) sync: bool,
    pub(super) bases: Vec<Path>,
}

/// `Send`, `Sync` and `'static` are facts about the object that the stub can promise too, and the stub of a contract implements
/// every other contract that this one is built on. Anything else would need an implementation that nobody can write for a
/// plugin's object. What is no trait of std may be a contract: rustc knows.
pub(super) fn supertraits(
    bounds: &Punctuated<TypeParamBound, Token![+]>,
    errors: &mut Errors,
) -> Supertraits {
    let mut found = Supertraits::default();
    for bound in bounds {
        let base = match bound {
            TypeParamBound::Trait(bound) => base(bound),
            TypeParamBound::Lifetime(lifetime) if lifetime.ident == "static" => continue,
            _ => None,
        };
        match base {
            Some((_, name)) if name == "Send" => found.send = true,
            Some((_, name)) if name == "Sync" => found.sync = true,
            Some((path, _)) if found.bases.iter().any(|base| tokens_text(base) == tokens_text(path)) => {
                let message = format!("supertrait `{}` is here twice", tokens_text(bound));
                errors.push(Code::P006, bound, message, "leave one out");
            }
            Some((path, name)) if !is_of_std(path, &name) => found.bases.push(path.clone()),
            _ => {
                let message = format!("supertrait `{}` cannot cross", tokens_text(bound));
                let help = "supertraits may be `Send`, `Sync`, `'static` and other contracts: add the methods you need to the contract";
                errors.push(Code::P006, bound, message, help);
            }
        }
    }
    found
}

/// The path of a bound that could be a contract: without parameters, without `?` and without `for<'a>`.
fn base(bound: &TraitBound) -> Option<(&Path, String)> {
    let plain = bound.lifetimes.is_none() && bound.maybe.is_none() && bound.modifiers.require_empty().is_ok();
    let no_parameters = bound.path.segments.iter().all(|segment| segment.arguments.is_none());
    let last = bound.path.segments.last().filter(|_| plain && no_parameters)?;
    Some((&bound.path, print::plain(&last.ident)))
}

/// Whether it is a trait of std: by its path, or by a name that people give to no trait of their own.
fn is_of_std(path: &Path, name: &str) -> bool {
    const NAMES: [&str; 26] = [
        "Any",
        "AsMut",
        "AsRef",
        "Clone",
        "Copy",
        "Debug",
        "Default",
        "Display",
        "DoubleEndedIterator",
        "Drop",
        "Eq",
        "Error",
        "Fn",
        "FnMut",
        "FnOnce",
        "Future",
        "Hash",
        "Iterator",
        "Ord",
        "PartialEq",
        "PartialOrd",
        "RefUnwindSafe",
        "Sized",
        "ToString",
        "Unpin",
        "UnwindSafe",
    ];
    let first = path.segments.first().map(|first| print::plain(&first.ident));
    let of_std = first.is_some_and(|first| ["alloc", "core", "std"].contains(&&*first));
    NAMES.contains(&name) || (of_std && path.segments.len() > 1)
}

/// A method is one pointer: it has no parameters beside its arguments.
pub(super) fn method(words: &TokenStream, generics: &Generics, errors: &mut Errors) {
    if !words.is_empty() {
        let help = match words.to_string().as_str() {
            "unsafe" => "make it safe: nobody but the stub calls it",
            "pub" => "leave it out: a method is as visible as its trait",
            _ => "write a plain `fn`: how it is called is the stub's business",
        };
        errors.push(Code::P009, words, format!("a method cannot be `{words}`"), help);
    }
    for param in &generics.params {
        let text = tokens_text(param);
        let (message, help) = match param {
            syn::GenericParam::Lifetime(_) => (
                format!("lifetime `{text}` on a method"),
                "leave it out: arguments are lent for the length of the call",
            ),
            _ => (
                format!("generic parameter `{text}` on a method"),
                "name a concrete type, or take a derived enum of those you mean",
            ),
        };
        errors.push(Code::P008, param, message, help);
    }
    if let Some(condition) = &generics.where_clause {
        errors.push(
            Code::P008,
            condition,
            "a where clause on a method",
            "leave it out: a method's types are concrete",
        );
    }
}

/// The parameters of a derived type are types, and what they stand for is written where the type is named.
pub(super) fn parameters(input: &DeriveInput, plain: bool, errors: &mut Errors) {
    for param in &input.generics.params {
        let (message, help) = match param {
            syn::GenericParam::Type(_) if plain => (
                format!("`{}` is plain, and generic", input.ident),
                "derive on a plain struct without parameters: its layout is part of the contract",
            ),
            syn::GenericParam::Type(_) => continue,
            syn::GenericParam::Lifetime(_) => (
                format!("`{}` has a lifetime", input.ident),
                "own what it holds: `String` for `&str`, `Vec<T>` for `&[T]`",
            ),
            syn::GenericParam::Const(_) => (
                format!("`{}` has a const parameter", input.ident),
                "write out the one you need, as in `struct Key { bytes: [u8; 32] }`",
            ),
        };
        errors.push(Code::P021, param, message, help);
    }
    if input.generics.type_params().next().is_none() {
        return;
    }
    let mut fields: Vec<&syn::Type> = Vec::new();
    match &input.data {
        syn::Data::Struct(data) => fields.extend(data.fields.iter().map(|field| &field.ty)),
        syn::Data::Enum(data) => {
            let all = data.variants.iter().flat_map(|variant| &variant.fields);
            fields.extend(all.map(|field| &field.ty));
        }
        syn::Data::Union(_) => {}
    }
    for field in fields.iter().filter(|field| holds_function(field)) {
        let message = format!("`{}` is generic, and holds a closure", input.ident);
        let help = "derive on a type without parameters: a closure's carrier is that of one signature";
        errors.push(Code::P021, field, message, help);
    }
    // Its descriptor would be made of itself: where types stand for others, consts are all there is, and they have an order.
    for field in fields.into_iter().filter(|field| names(field, &input.ident)) {
        let message = format!("`{}` is generic, and contains itself", input.ident);
        let help = "derive on a type without parameters: write out the one you need, as in \
                    `struct Users { items: Vec<User> }`";
        errors.push(Code::P021, field, message, help);
    }
}

/// Whether a type names another, or `Self`.
fn names(ty: &syn::Type, ident: &syn::Ident) -> bool {
    let itself = matches!(ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == *ident));
    itself || parts(ty).into_iter().any(|part| names(part, ident))
}

/// What only the whole contract can tell.
pub(super) fn contract(contract: &Contract, errors: &mut Errors) {
    for (at, method) in contract.methods.iter().enumerate() {
        for arg in method.args.iter().filter(|arg| !is_sink(&arg.ty)) {
            ty(&arg.ty, Place::Argument(Depth::Whole), errors);
        }
        ty(&method.ret, Place::Result(Depth::Whole), errors);
        for arg in method.args.iter().filter(|_| method.waiting != Waiting::Blocks) {
            if let Some(Lent::Changed(value)) = Lent::of(&arg.ty) {
                let value = print::type_text(value);
                let message =
                    format!("`{}` is `async`, and changes a `{value}` of its caller's", method.ident);
                let help =
                    format!("take `{value}`, and return what became of it: a future may be dropped half way");
                errors.push(Code::P013, &arg.ty, message, help);
            }
        }
        threads(contract, method, errors);
        mocked(contract, method, errors);
        // Two of one name under different `#[cfg]`s are the author's business; rustc sees the rest.
        let double = contract.methods[..at].iter().any(|other| other.name() == method.name());
        if double && method.cfgs().next().is_none() {
            let message = format!("`{}` is here twice", method.ident);
            errors.push(
                Code::P015,
                &method.ident,
                message,
                "a plugin's methods are found by name: rename one",
            );
        }
        former_names(contract, at, errors);
    }
    kernel::check(contract, errors);
}

/// A future that may go to another thread takes the object along: by `&self` that needs `Sync`, and the trait must say so.
fn threads(contract: &Contract, method: &Method, errors: &mut Errors) {
    let needed = match method.receiver {
        Receiver::Shared => ("Sync", contract.sync),
        Receiver::Exclusive => ("Send", contract.send),
    };
    // A base may demand it too, and nobody here sees that.
    if method.waiting == Waiting::Async && !needed.1 {
        let (name, trait_name) = (&method.ident, &contract.ident);
        let message = format!("`{name}` is `async`, and `{trait_name}` is not `{}`", needed.0);
        let help = format!(
            "write `trait {trait_name}: {}Send + Sync`: the future goes from thread to thread and takes `{}` along; or keep it where it is with `#[plugin(local)]`",
            contract.bases.iter().map(|base| tokens_text(base) + " + ").collect::<String>(),
            if method.receiver == Receiver::Shared { "&self" } else { "&mut self" }
        );
        errors.push(Code::P017, name, message, help);
    }
}

/// A mock looks at all arguments as one tuple, and tuples end at 12.
fn mocked(contract: &Contract, method: &Method, errors: &mut Errors) {
    if let Some(arg) = method.args.get(12)
        && contract.arguments.mock
    {
        let (name, count) = (&method.ident, method.args.len());
        let message = format!("`{name}` takes {count} arguments, and a mock looks at 12 at most");
        let help =
            "put those that belong together into a struct with `#[derive(PluginType)]`, or leave `mock` out";
        errors.push(Code::P019, &arg.ident, message, help);
    }
}

/// Whoever asks for a name must find one method: a former name is nobody's name, and nobody else's former one.
fn former_names(contract: &Contract, at: usize, errors: &mut Errors) {
    let method = &contract.methods[at];
    // One method under several `#[cfg]`s may say it each time.
    let is_other = |other: &&Method| other.name() != method.name();
    for (place, name) in method.renamed_from.iter().enumerate() {
        let former = name.value();
        let has = |names: &[LitStr]| names.iter().any(|name| name.value() == former);
        let mut others = contract.methods.iter().filter(is_other);
        let mut earlier = contract.methods[..at].iter().filter(is_other);
        let why = if former == method.name() {
            "is its name still".to_owned()
        } else if has(&method.renamed_from[..place]) {
            "is given twice".to_owned()
        } else if others.any(|other| other.name() == former) {
            "is the name of another method".to_owned()
        } else if let Some(other) = earlier.find(|other| has(&other.renamed_from)) {
            format!("is a former name of `{}` too", other.ident)
        } else {
            continue;
        };
        let message = format!("`{}` was renamed from `{former}`, which {why}", method.ident);
        let help = "a plugin's methods are found by name, former names included: leave out the one that is not meant";
        errors.push(Code::P016, name, message, help);
    }
}

/// Whoever does not know a variant must have one to put it into. It stands last, so that every other variant has the
/// number that Rust gives it.
pub(super) fn unknown(ident: &proc_macro2::Ident, variants: &[Variant], errors: &mut Errors) {
    let is_unknown = |variant: &Variant| variant.name() == "Unknown";
    let help = "an open enum ends with `Unknown(u32)`, which holds the number of a variant that this side does not know";
    let Some(at) = variants.iter().position(is_unknown) else {
        let message = format!("`{ident}` is open and has no variant `Unknown(u32)`");
        return errors.push(Code::P023, ident, message, help);
    };
    let found = &variants[at];
    let number = match &*found.fields {
        [field] => field.name == "0" && print::type_text(&field.ty) == "u32",
        _ => false,
    };
    if !number {
        let message = format!("`{ident}` is open, and its `Unknown` holds something other than one `u32`");
        errors.push(Code::P023, &found.ident, message, help);
    } else if at + 1 < variants.len() {
        let message = format!("a variant of `{ident}` stands behind `Unknown(u32)`");
        errors.push(Code::P023, &variants[at + 1].ident, message, help);
    }
}

/// Plain data is looked at where it lies: its layout must be C's.
pub(super) fn plain(input: &DeriveInput, fields: &Fields, errors: &mut Errors) {
    let ident = &input.ident;
    if fields.is_empty() {
        let message = format!("`{ident}` is plain and has no fields");
        errors.push(
            Code::P025,
            ident,
            message,
            "add a field, or leave `#[plugin(plain)]` out: C has no empty values",
        );
    }
    let is_c = |attr: &syn::Attribute| {
        let mut found = false;
        let _ = attr.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("C");
            Ok(())
        });
        attr.path().is_ident("repr") && found
    };
    if !input.attrs.iter().any(is_c) {
        let message = format!("`{ident}` is plain, and its layout is rustc's secret");
        errors.push(Code::P025, ident, message, "write `#[repr(C)]` on it too");
    }
}

/// A side that knows fewer fields than the other knows the first ones: what may be missing is missing at the end, and
/// only a struct that is sized has fields that may be missing.
pub(super) fn trailing(fields: &Fields, sized: bool, errors: &mut Errors) {
    let Some(first) = fields.iter().position(|field| field.optional) else { return };
    if !sized {
        let message = format!("field `{}` has a default, and what it is in cannot grow", fields[first].name);
        let help = "mark the struct `#[plugin(sized)]`, or remove `#[plugin(default)]`";
        return errors.push(Code::P002, &fields[first].ty, message, help);
    }
    for field in fields[first..].iter().filter(|field| !field.optional) {
        let (name, before) = (&field.name, &fields[first].name);
        let message = format!("field `{name}` has no default, and `{before}` before it has one");
        let help = "fields are added at the end: mark it `#[plugin(default)]` too, or let it stand before";
        errors.push(Code::P024, &field.ty, message, help);
    }
}

/// Tokens as people write them.
pub(crate) fn tokens_text(tokens: &impl ToTokens) -> String {
    print::tokens(tokens.to_token_stream())
}
