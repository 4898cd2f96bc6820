//! The canonical text of signatures and types.
//!
//! Ours, not `TokenStream::to_string()`: its spacing differs between rustc and everybody else, and what is compared
//! with a lock file must not.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Expr, GenericArgument, Ident, Lit, LitInt, PathArguments, PathSegment, Type, TypeTraitObject};

use super::dynamic::{Dynamic, Yields, bounds_text};
use super::types::is_sink_segment;
use super::{Method, Receiver, Waiting};

/// A name without `r#`.
#[must_use]
pub fn plain(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}

/// `fn get(&self, key: &str) -> Result<Vec<u8>, StoreError>`
#[must_use]
pub fn signature(method: &Method) -> String {
    let receiver = match method.receiver {
        Receiver::Shared => "&self",
        Receiver::Exclusive => "&mut self",
    };
    let waiting = match method.waiting {
        Waiting::Blocks => "",
        Waiting::Async => "async ",
        Waiting::Local => "#[plugin(local)] async ",
    };
    let mut text = format!("{waiting}fn {}({receiver}", method.name());
    for arg in &method.args {
        text += &format!(", {}: {}", plain(&arg.ident), type_text(&arg.ty));
    }
    text.push(')');
    match type_text(&method.ret).as_str() {
        "()" => text,
        ret => text + " -> " + ret,
    }
}

/// The types of std that stand for themselves: written with or without their path, they are the same.
#[must_use]
pub fn is_built_in(name: &str) -> bool {
    const NAMES: [&str; 22] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64",
        "bool", "char", "str", "String", "Vec", "Box", "Option", "Result",
    ];
    NAMES.contains(&name)
}

/// Whether it is a number of std's: what slices hold in place.
pub(super) fn is_number(name: &str) -> bool {
    name.starts_with(['u', 'i', 'f']) && is_built_in(name)
}

/// Whether std has this name, so that its path there may be left out. Those that no prelude brings could also be the
/// author's own: without a path they stand for whatever rustc finds.
fn is_of_std(name: &str) -> bool {
    const NAMES: [&str; 12] = [
        "BTreeMap",
        "BTreeSet",
        "HashMap",
        "HashSet",
        "Duration",
        "SystemTime",
        "PathBuf",
        "Path",
        "IpAddr",
        "Ipv4Addr",
        "Ipv6Addr",
        "SocketAddr",
    ];
    is_built_in(name) || NAMES.contains(&name)
}

/// A type: `Result<Vec<u8>, StoreError>`, whatever spaces, parentheses or paths of std it was written with.
#[must_use]
pub fn type_text(ty: &Type) -> String {
    match ty {
        Type::Paren(inner) => type_text(&inner.elem),
        Type::Group(inner) => type_text(&inner.elem),
        Type::Reference(reference) => {
            let lifetime =
                reference.lifetime.as_ref().map_or(String::new(), |lifetime| format!("{lifetime} "));
            let mutable = if reference.mutability.is_some() { "mut " } else { "" };
            format!("&{lifetime}{mutable}{}", in_brackets(type_text(&reference.elem)))
        }
        Type::Slice(slice) => format!("[{}]", type_text(&slice.elem)),
        Type::Array(array) => format!("[{}; {}]", type_text(&array.elem), length_text(&array.len)),
        Type::Tuple(tuple) => tuple_text(tuple.elems.iter().map(type_text)),
        Type::Path(path) if path.qself.is_none() => {
            let segments = &path.path.segments;
            let of_std = segments
                .first()
                .is_some_and(|first| first.ident == "std" || first.ident == "core" || first.ident == "alloc");
            match segments.last() {
                Some(last) if of_std && is_of_std(&plain(&last.ident)) => segment(last),
                _ => {
                    let leading = if path.path.leading_colon.is_some() { "::" } else { "" };
                    leading.to_owned() + &segments.iter().map(segment).collect::<Vec<_>>().join("::")
                }
            }
        }
        Type::TraitObject(object) => object_text(object, type_text),
        other => tokens(other.to_token_stream()),
    }
}

/// A type as compiled records show it: without paths, lifetimes and `r#`.
#[must_use]
pub fn shown_text(ty: &Type) -> String {
    match ty {
        Type::Paren(inner) => shown_text(&inner.elem),
        Type::Group(inner) => shown_text(&inner.elem),
        Type::Reference(reference) => {
            let mutable = if reference.mutability.is_some() { "mut " } else { "" };
            format!("&{mutable}{}", in_brackets(shown_text(&reference.elem)))
        }
        Type::Slice(slice) => format!("[{}]", shown_text(&slice.elem)),
        Type::Array(array) => format!("[{}; {}]", shown_text(&array.elem), length_text(&array.len)),
        Type::Tuple(tuple) => tuple_text(tuple.elems.iter().map(shown_text)),
        Type::Path(path) if path.qself.is_none() => {
            let Some(last) = path.path.segments.last() else { return String::new() };
            let name = plain(&last.ident);
            let PathArguments::AngleBracketed(arguments) = &last.arguments else { return name };
            if is_sink_segment(last) {
                return name;
            }
            let arguments = arguments.args.iter().filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(shown_text(ty)),
                _ => None,
            });
            format!("{name}<{}>", arguments.collect::<Vec<_>>().join(", "))
        }
        Type::TraitObject(object) => object_text(object, shown_text),
        other => tokens(other.to_token_stream()),
    }
}

/// `dyn Fn(&str) -> u64 + Send`, with `text` for every type in it. Lifetimes are left out: there is only one that each
/// could be.
fn object_text(object: &TypeTraitObject, text: fn(&Type) -> String) -> String {
    match Dynamic::of(object) {
        Dynamic::Function(function) => {
            let args: Vec<_> = function.args.iter().map(|ty| text(ty)).collect();
            let ret = function.ret.map_or_else(String::new, |ty| format!(" -> {}", text(ty)));
            let bounds = bounds_text(function.send, function.sync);
            format!("dyn {}({}){ret}{bounds}", function.kind.name(), args.join(", "))
        }
        Dynamic::Yields(Yields { name, item, send, sync, .. }) => {
            let binding = if name == "Future" { "Output" } else { "Item" };
            format!("dyn {name}<{binding} = {}>{}", text(item), bounds_text(send, sync))
        }
        Dynamic::Object(found) => match found.path {
            Some(path) => {
                let path: Type = syn::parse_quote!(#path);
                let bounds =
                    found.others.iter().map(|bound| format!(" + {}", tokens(bound.to_token_stream())));
                format!("dyn {}{}", text(&path), bounds.collect::<String>())
            }
            None => tokens(object.to_token_stream()),
        },
    }
}

/// `(dyn Fn(u8) + Send)`: behind a `&` bounds stand in brackets.
fn in_brackets(text: String) -> String {
    if text.starts_with("dyn ") && text.contains(" + ") { format!("({text})") } else { text }
}

fn tuple_text(members: impl Iterator<Item = String>) -> String {
    let members: Vec<_> = members.collect();
    match &*members {
        [one] => format!("({one},)"),
        _ => format!("({})", members.join(", ")),
    }
}

/// An array's length, if it is a number and not the name of one.
#[must_use]
pub fn length(len: &Expr) -> Option<&LitInt> {
    match len {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => Some(number),
            _ => None,
        },
        Expr::Paren(inner) => length(&inner.expr),
        Expr::Group(inner) => length(&inner.expr),
        _ => None,
    }
}

/// `16` of `0x10_usize`.
pub(super) fn length_text(len: &Expr) -> String {
    length(len).map_or_else(|| tokens(len.to_token_stream()), |number| number.base10_digits().to_owned())
}

fn segment(segment: &PathSegment) -> String {
    // With its `r#`: the text is read again as a type.
    let name = segment.ident.to_string();
    match &segment.arguments {
        // Its lifetime is that of every argument, and says nothing.
        PathArguments::AngleBracketed(_) if is_sink_segment(segment) => name,
        PathArguments::AngleBracketed(arguments) => {
            let arguments = arguments.args.iter().map(|argument| match argument {
                GenericArgument::Type(ty) => type_text(ty),
                other => tokens(other.to_token_stream()),
            });
            format!("{name}<{}>", arguments.collect::<Vec<_>>().join(", "))
        }
        PathArguments::None => name,
        PathArguments::Parenthesized(_) => name + &tokens(segment.arguments.to_token_stream()),
    }
}

/// The element type's text, if this is a `Vec`.
pub(super) fn element_of_vec(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Vec")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(element) => Some(type_text(element)),
        _ => None,
    }
}

/// Any tokens, spaced as people do.
pub(super) fn tokens(stream: TokenStream) -> String {
    let mut text = String::new();
    let mut after_word = false;
    let mut tokens = stream.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                text += if after_word && group.delimiter() == Delimiter::Bracket { " " } else { "" };
                text += open;
                text += &self::tokens(group.stream());
                text += close;
                after_word = true;
            }
            TokenTree::Punct(punct) => {
                let arrow = punct.as_char() == '-' && punct.spacing() == Spacing::Joint;
                if arrow {
                    tokens.next();
                }
                let alone = punct.spacing() == Spacing::Alone;
                let (before, sign, after) = match punct.as_char() {
                    '-' if arrow => (" ", "->".to_owned(), " "),
                    sign @ ('+' | '=') if alone => (" ", sign.to_string(), " "),
                    ':' if alone && !text.ends_with(':') => ("", ":".to_owned(), " "),
                    sign @ (',' | ';') => ("", sign.to_string(), " "),
                    sign => ("", sign.to_string(), ""),
                };
                text += if text.ends_with(' ') { "" } else { before };
                text += &sign;
                text += after;
                after_word = false;
            }
            word => {
                text += if after_word { " " } else { "" };
                text += &word.to_string();
                after_word = true;
            }
        }
    }
    text.trim_end().to_owned()
}
