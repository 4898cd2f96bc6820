//! Questions about a type as it was written.
//!
//! In: a type. Out: the type with names replaced, or whether two types differ for certain. It does not know
//! what a name stands for unless it is told.

use std::collections::BTreeMap;

use syn::{GenericArgument, PathArguments, PathSegment, Type};

use super::dynamic::{Dynamic, bounds_text, is_stream, parts, parts_mut};
use super::print::{is_built_in, length_text, type_text};

/// The type with these names replaced by what they stand for.
#[must_use]
pub fn resolve(ty: &Type, names: &BTreeMap<String, String>) -> Type {
    if let Some(meant) = names.get(&type_text(ty))
        && let Ok(meant) = syn::parse_str(meant)
    {
        return meant;
    }
    let mut ty = ty.clone();
    for part in parts_mut(&mut ty) {
        *part = resolve(part, names);
    }
    ty
}

/// How many references a type shows, and things that may hold some: iterators, streams and futures.
#[must_use]
pub fn references(ty: &Type) -> usize {
    match ty {
        Type::Reference(_) => 1,
        Type::TraitObject(object) => match Dynamic::of(object) {
            Dynamic::Yields(yields) => 1 + references(yields.item),
            // What a closure's signature lends is lent to it, and not by it.
            Dynamic::Function(_) | Dynamic::Object(_) => 0,
        },
        Type::Path(_) if is_sink(ty) => 1,
        Type::Path(path) if path.path.segments.last().is_some_and(|last| is_stream(&last.ident)) => {
            1 + parts(ty).into_iter().map(references).sum::<usize>()
        }
        _ => parts(ty).into_iter().map(references).sum(),
    }
}

/// Whether it is `Sink<'_>`, which is lent by value: in an argument, by itself.
#[must_use]
pub fn is_sink(ty: &Type) -> bool {
    match ty {
        Type::Paren(inner) => is_sink(&inner.elem),
        Type::Group(inner) => is_sink(&inner.elem),
        Type::Path(path) => path.qself.is_none() && path.path.segments.last().is_some_and(is_sink_segment),
        _ => false,
    }
}

/// The last word of a path to it.
pub(super) fn is_sink_segment(segment: &PathSegment) -> bool {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return false };
    let mut arguments = arguments.args.iter();
    let elided = |argument: &_| matches!(argument, GenericArgument::Lifetime(found) if found.ident == "_");
    segment.ident == "Sink" && arguments.next().is_some_and(elided) && arguments.next().is_none()
}

/// Whether two types differ whatever the author's names in them stand for: any of those may be an alias.
#[must_use]
pub fn surely_differ(one: &Type, other: &Type) -> bool {
    match (Form::of(one), Form::of(other)) {
        (Some(one), Some(other)) => {
            let parts = one.parts.iter().zip(&other.parts);
            one.head != other.head || parts.into_iter().any(|(one, other)| surely_differ(one, other))
        }
        _ => false,
    }
}

/// Whether two types, as they were written, differ, and if so, whether for certain.
#[must_use]
pub fn texts_differ(one: &str, other: &str) -> Option<bool> {
    if one == other {
        return None;
    }
    match (syn::parse_str(one), syn::parse_str(other)) {
        (Ok(one), Ok(other)) => Some(surely_differ(&one, &other)),
        _ => Some(true),
    }
}

/// A type whose outermost word is std's own.
struct Form<'a> {
    head: String,
    parts: Vec<&'a Type>,
}

impl<'a> Form<'a> {
    fn of(ty: &'a Type) -> Option<Self> {
        let form = |head: &str, parts| Some(Self { head: head.to_owned(), parts });
        match ty {
            Type::Paren(inner) => Self::of(&inner.elem),
            Type::Group(inner) => Self::of(&inner.elem),
            Type::Reference(reference) => {
                let head = if reference.mutability.is_some() { "&mut" } else { "&" };
                form(head, vec![&*reference.elem])
            }
            Type::Slice(slice) => form("[]", vec![&*slice.elem]),
            Type::Array(array) => form(&format!("[; {}]", length_text(&array.len)), vec![&*array.elem]),
            Type::Tuple(tuple) => form(&format!("({})", tuple.elems.len()), tuple.elems.iter().collect()),
            Type::TraitObject(object) => match Dynamic::of(object) {
                Dynamic::Function(function) => {
                    let (args, bounds) = (function.args.len(), bounds_text(function.send, function.sync));
                    let head = format!("{}({args}){bounds} {}", function.kind.name(), function.ret.is_some());
                    form(&head, parts(ty))
                }
                Dynamic::Yields(yields) => {
                    form(&(yields.name.to_owned() + &bounds_text(yields.send, yields.sync)), parts(ty))
                }
                Dynamic::Object(_) => None,
            },
            Type::Path(path) => {
                let parts: Vec<_> = match &path.path.segments.last()?.arguments {
                    PathArguments::AngleBracketed(arguments) => {
                        arguments.args.iter().filter_map(type_of).collect()
                    }
                    _ => Vec::new(),
                };
                let text = type_text(ty);
                let name = text.split('<').next().unwrap_or_default();
                // `Result<T>` with one parameter is somebody's alias, whatever its name.
                let parameters = match name {
                    "Result" => 2,
                    "Vec" | "Box" | "Option" => 1,
                    _ => 0,
                };
                if is_built_in(name) && parts.len() == parameters { form(name, parts) } else { None }
            }
            _ => None,
        }
    }
}

fn type_of(argument: &GenericArgument) -> Option<&Type> {
    match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::surely_differ;

    #[test]
    fn an_authors_name_may_stand_for_anything_and_stds_may_not() {
        let differ = |one: &str, other: &str| {
            let parse = |text| syn::parse_str(text).expect("a type");
            surely_differ(&parse(one), &parse(other))
        };
        for (one, other) in [
            ("u32", "u64"),
            ("&str", "String"),
            ("&[u8]", "&[u16]"),
            ("Result<String, Mine>", "Result<Vec<u8>, Mine>"),
            ("Vec<Mine>", "Option<Mine>"),
            ("()", "bool"),
            ("()", "(u8, u8)"),
            ("(u8, u8)", "(u8, u8, u8)"),
            ("(u8, Mine)", "(u16, Yours)"),
            ("[u8; 16]", "[u8; 32]"),
            ("[u8; 16]", "[u16; 16]"),
            ("[u8; 16]", "Vec<u8>"),
            ("Box<Mine>", "Vec<Mine>"),
            ("Option<std::time::Duration>", "Vec<Duration>"),
        ] {
            assert!(differ(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("u32", "Id"),
            ("Result<u8, Mine>", "Result<u8, Yours>"),
            ("Result<u8>", "Result<u8, Mine>"),
            ("&Mine", "&str"),
            ("Vec<u8>", "std::vec::Vec<u8>"),
            ("(u8)", "u8"),
            ("(u8, std::string::String)", "(u8,String,)"),
            ("(u8, Mine)", "(u8, Yours)"),
            ("[u8; 16]", "[u8; 0x10_usize]"),
            ("[Mine; 2]", "[Yours; 2]"),
            ("Box<Mine>", "std::boxed::Box<u8>"),
            ("std::time::Duration", "Duration"),
            ("Duration", "u64"),
            ("std::collections::HashMap<u8, core::net::IpAddr>", "HashMap<u8, IpAddr>"),
        ] {
            assert!(!differ(one, other), "{one} {other}");
        }
    }
}
