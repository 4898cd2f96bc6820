//! What cannot cross, one rule a function, each with what to write instead.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{
    GenericArgument, Generics, Ident, LitStr, PathArguments, Token, Type, TypeParamBound, TypePath,
    TypeReference, WhereClause,
};

use super::{Contract, Fields, Method, Variant, is_sink, print};
use crate::report::{Code, Errors};

/// Where a type stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Argument,
    Result,
    Field,
}

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

/// `Send`, `Sync` and `'static` are facts about the object that the stub can promise too. Anything else would need an
/// implementation that nobody can write for a plugin's object.
pub(super) fn supertraits(
    bounds: &Punctuated<TypeParamBound, Token![+]>,
    errors: &mut Errors,
) -> (bool, bool) {
    let (mut send, mut sync) = (false, false);
    for bound in bounds {
        let last = match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last().map(|last| last.ident.to_string()),
            TypeParamBound::Lifetime(lifetime) => Some(lifetime.to_string()),
            _ => None,
        };
        match last.as_deref() {
            Some("Send") => send = true,
            Some("Sync") => sync = true,
            Some("'static") => {}
            _ => {
                let message = format!("supertrait `{}` cannot cross", tokens_text(bound));
                let help = "supertraits may be `Send`, `Sync` and `'static`: add the methods you need to the contract";
                errors.push(Code::P006, bound, message, help);
            }
        }
    }
    (send, sync)
}

/// A method is one pointer: it has no parameters beside its arguments.
pub(super) fn method(words: &TokenStream, generics: &Generics, errors: &mut Errors) {
    if !words.is_empty() {
        let help = match words.to_string().as_str() {
            "async" => "return when the work is done, or hand out a handle to ask later",
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

/// What only the whole contract can tell.
pub(super) fn contract(contract: &Contract, errors: &mut Errors) {
    for (at, method) in contract.methods.iter().enumerate() {
        for arg in method.args.iter().filter(|arg| !is_sink(&arg.ty)) {
            ty(&arg.ty, Place::Argument, errors);
        }
        ty(&method.ret, Place::Result, errors);
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
pub(super) fn unknown(ident: &Ident, variants: &[Variant], errors: &mut Errors) {
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

/// A type: data that is moved, or text and numbers that are lent.
pub(super) fn ty(found: &Type, place: Place, errors: &mut Errors) {
    let help = match found {
        Type::Path(path) => return self::path(path, place, errors),
        Type::Reference(reference) => return self::reference(reference, place, errors),
        Type::Paren(inner) => return ty(&inner.elem, place, errors),
        Type::Group(inner) => return ty(&inner.elem, place, errors),
        Type::Tuple(tuple) => match tuple.elems.len() {
            1 => "leave out the comma: a tuple of one is no more than what is in it",
            0..=12 => return tuple.elems.iter().for_each(|member| ty(member, place, errors)),
            _ => {
                "derive `PluginType` on a struct whose fields have names: tuples cross with up to 12 members"
            }
        },
        Type::Array(array) => match print::length(&array.len) {
            Some(number) if number.base10_digits() == "0" => {
                "leave it out, or use `Vec<T>`: there is nothing in it, and C has no empty values"
            }
            Some(_) => return ty(&array.elem, place, errors),
            None => {
                "write the length as a number: it is part of the type, and of what the lock holds; or give the type a name, as in `type Key = [u8; LEN]`"
            }
        },
        Type::Slice(_) => "use `Vec<T>`, or `&[T]` of numbers as an argument",
        Type::ImplTrait(_) => "name a concrete type",
        Type::TraitObject(_) => "pass data: a derived struct or enum",
        Type::FnPtr(_) => "let the caller ask for the result instead of being called back",
        Type::Ptr(_) => {
            "use `&[u8]`, `Vec<u8>` or a derived type: a bare pointer says neither length nor owner"
        }
        Type::Never(_) => "return `()`; whoever never returns cannot say so across a boundary",
        Type::Infer(_) => "name the type",
        Type::Macro(_) => "write the type that the macro expands to",
        _ => "use a number, text, a type of std that crosses, or a derived type",
    };
    errors.push(
        Code::P012,
        found,
        format!("`{}` cannot cross a plugin boundary", print::type_text(found)),
        help,
    );
}

/// A path names a type of std or one that derives `PluginType`; which one, rustc knows.
fn path(found: &TypePath, place: Place, errors: &mut Errors) {
    let text = tokens_text(found);
    let first = found.path.segments.first().map(|first| first.ident.to_string());
    if found.qself.is_some() || first.as_deref() == Some("Self") {
        let help = "name the concrete type: the other side does not know yours";
        errors.push(Code::P012, found, format!("`{text}` cannot cross a plugin boundary"), help);
        return;
    }
    for segment in &found.path.segments {
        match &segment.arguments {
            PathArguments::None => {}
            PathArguments::AngleBracketed(arguments)
                if hasher(&segment.ident).is_some_and(|at| arguments.args.len() > at) =>
            {
                let message = format!("`{text}` cannot cross a plugin boundary");
                let help = "leave the hasher out: the other side hashes with its own";
                errors.push(Code::P012, found, message, help);
            }
            PathArguments::AngleBracketed(arguments) => {
                for argument in &arguments.args {
                    match argument {
                        GenericArgument::Type(argument) => ty(argument, place, errors),
                        other => {
                            let message = format!("`{}` in `{text}` cannot cross", tokens_text(other));
                            let help = if segment.ident == "Sink" {
                                "take it as an argument, by itself: `out: Sink<'_>`"
                            } else {
                                "use a type without lifetimes and const parameters"
                            };
                            errors.push(Code::P012, other, message, help);
                        }
                    }
                }
            }
            PathArguments::Parenthesized(_) => {
                let message = format!("`{text}` cannot cross a plugin boundary");
                errors.push(Code::P012, found, message, "pass data: a derived struct or enum");
            }
        }
    }
}

/// Where a map's or a set's hasher stands, if it has one.
fn hasher(ident: &Ident) -> Option<usize> {
    match ident.to_string().as_str() {
        "HashMap" => Some(2),
        "HashSet" => Some(1),
        _ => None,
    }
}

/// `&str` and slices of numbers are lent for the length of a call; any other reference would show the other side
/// bytes whose layout is rustc's secret.
fn reference(found: &TypeReference, place: Place, errors: &mut Errors) {
    let text = print::type_text(&Type::Reference(found.clone()));
    let owned = match &*found.elem {
        Type::Slice(slice) => format!("Vec<{}>", print::type_text(&slice.elem)),
        elem if print::type_text(elem) == "str" => "String".to_owned(),
        elem if print::type_text(elem) == "Path" => "PathBuf".to_owned(),
        elem => print::type_text(elem),
    };
    match place {
        Place::Result => {
            let message = format!("the result borrows: `{text}`");
            return errors.push(Code::P014, found, message, format!("return `{owned}`"));
        }
        Place::Field => {
            let message = format!("a field that borrows: `{text}`");
            return errors.push(Code::P022, found, message, format!("own it: `{owned}`"));
        }
        Place::Argument => {}
    }
    let refuse = |errors: &mut Errors, help: String| {
        errors.push(Code::P013, found, format!("`{text}` cannot be lent across a plugin boundary"), help);
    };
    if is_sink(&found.elem) {
        return refuse(errors, "take `Sink<'_>` by value: it is a reference already".to_owned());
    }
    if found.mutability.is_some() {
        return refuse(errors, format!("take `{owned}` and return what became of it"));
    }
    if let Some(lifetime) = &found.lifetime {
        let help = "leave the lifetime out: arguments are lent for the length of the call";
        return errors.push(Code::P013, lifetime, format!("lifetime `{lifetime}` in an argument"), help);
    }
    match &*found.elem {
        Type::Slice(slice) => match print::type_text(&slice.elem) {
            // Of an author's own name rustc says it.
            elem if print::is_built_in(head(&elem)) && !is_number(&elem) => {
                refuse(errors, format!("take `{owned}`"));
            }
            _ if matches!(&*slice.elem, Type::Tuple(_) | Type::Array(_)) => {
                refuse(errors, format!("take `{owned}`"));
            }
            _ => ty(&slice.elem, Place::Field, errors),
        },
        Type::Path(path) if path.path.is_ident("str") => {}
        Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "String") => {
            refuse(errors, "take `&str`".to_owned());
        }
        Type::Path(_) => match print::element_of_vec(&found.elem) {
            Some(element) => {
                refuse(errors, format!("take `&[{element}]` when it holds numbers, else `{owned}`"));
            }
            None => refuse(errors, format!("take `{owned}` by value")),
        },
        Type::Array(array) => {
            let element = print::type_text(&array.elem);
            let slice = if is_number(&element) {
                format!(", or `&[{element}]` of any length")
            } else {
                String::new()
            };
            refuse(errors, format!("take `{owned}` by value{slice}"));
        }
        Type::Tuple(_) => refuse(errors, format!("take `{owned}` by value")),
        elem => ty(elem, place, errors),
    }
}

/// `Vec` of `Vec<u8>`.
fn head(text: &str) -> &str {
    text.split('<').next().unwrap_or_default()
}

/// Whether it is a number of std's: what slices may hold.
fn is_number(name: &str) -> bool {
    name.starts_with(['u', 'i', 'f']) && print::is_built_in(name)
}

/// Tokens as people write them.
fn tokens_text(tokens: &impl ToTokens) -> String {
    print::tokens(tokens.to_token_stream())
}
