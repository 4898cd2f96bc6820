//! Which types can cross, and what to write instead of those that cannot.
//!
//! In: a type as it was written, and where. Out: findings. It does not know what a name stands for.

use syn::{GenericArgument, Ident, PathArguments, Type, TypePath, TypeReference, TypeTraitObject};

use super::check::tokens_text;
use super::dynamic::{
    Container, Dynamic, Function, FunctionKind, Object, dynamic, holds_function, is_stream, plain_type,
};
use super::{is_sink, print, references};
use crate::report::{Code, Errors};

/// Where a type stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Argument(Depth),
    Result(Depth),
    /// What a closure returns, or an iterator yields.
    Item,
    /// In what an argument refers to.
    Lent,
    Field,
}

/// How much of the argument or the result a type is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    Whole,
    /// All that is in an `Option`.
    Optional,
    Within,
}

impl Place {
    fn at(self, depth: Depth) -> Self {
        match self {
            Self::Argument(_) => Self::Argument(depth),
            Self::Result(_) => Self::Result(depth),
            Self::Item => Self::Item,
            Self::Lent => Self::Lent,
            Self::Field => Self::Field,
        }
    }

    /// The place of what a type is made of.
    fn within(self) -> Self {
        self.at(Depth::Within)
    }

    fn is_whole(self) -> bool {
        matches!(self, Self::Argument(Depth::Whole) | Self::Result(Depth::Whole))
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
            0..=12 => return tuple.elems.iter().for_each(|member| ty(member, place.within(), errors)),
            _ => {
                "derive `PluginType` on a struct whose fields have names: tuples cross with up to 12 members"
            }
        },
        Type::Array(array) => match print::length(&array.len) {
            Some(number) if number.base10_digits() == "0" => {
                "leave it out, or use `Vec<T>`: there is nothing in it, and C has no empty values"
            }
            Some(_) => return ty(&array.elem, place.within(), errors),
            None => {
                "write the length as a number: it is part of the type, and of what the lock holds; or give the type a name, as in `type Key = [u8; LEN]`"
            }
        },
        Type::Slice(_) => "use `Vec<T>`, or `&[T]` of numbers as an argument",
        Type::ImplTrait(_) => "name a concrete type",
        Type::TraitObject(_) => {
            "put it behind a pointer: `Box<dyn …>` or `Arc<dyn …>`, or `&dyn …` as an argument"
        }
        Type::FnPtr(_) => "take a closure: `&dyn Fn(…)`, or `Box<dyn Fn(…) + Send + Sync>` to keep it",
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
            PathArguments::AngleBracketed(_) if holds_function(&lonely(found)) && !takes_apart(found) => {
                let message = format!("`{text}` cannot cross a plugin boundary");
                let help =
                    "put closures into a field of their own, a `Vec`, an `Option`, a tuple or a map's values";
                errors.push(Code::P012, found, message, help);
            }
            PathArguments::AngleBracketed(arguments) => {
                let option = segment.ident == "Option" && place.is_whole();
                let inner = if option { place.at(Depth::Optional) } else { place.within() };
                for argument in &arguments.args {
                    match argument {
                        GenericArgument::Type(argument) => match trait_object(argument) {
                            Some(object) => moved(object, &segment.ident, place, errors),
                            None => ty(argument, inner, errors),
                        },
                        GenericArgument::Lifetime(lifetime) if is_stream(&segment.ident) => {
                            if let Some(help) = owner(place, Some(&lifetime.to_string())) {
                                let message = format!("`{text}` cannot cross a plugin boundary");
                                errors.push(Code::P012, found, message, help);
                            }
                        }
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
                let help = "write a closure as `&dyn Fn(…)` or `Box<dyn Fn(…) + Send + Sync>`";
                errors.push(Code::P012, found, message, help);
            }
        }
    }
}

fn lonely(found: &TypePath) -> Type {
    Type::Path(found.clone())
}

/// Whether closures in it can be taken out one by one: of an author's own type and of a set nobody knows how.
fn takes_apart(found: &TypePath) -> bool {
    Container::of(&lonely(found)).is_some()
}

/// The trait object, if it is one.
fn trait_object(ty: &Type) -> Option<&TypeTraitObject> {
    match plain_type(ty) {
        Type::TraitObject(object) => Some(object),
        _ => None,
    }
}

/// A trait object that is moved: `Box<dyn …>`, `Arc<dyn …>`, `Pin<Box<dyn Future<…>>>`.
fn moved(found: &TypeTraitObject, pointer: &Ident, place: Place, errors: &mut Errors) {
    let text = print::type_text(&Type::TraitObject(found.clone()));
    let mut refuse = |help: &str| {
        let message = format!("`{pointer}<{text}>` cannot cross a plugin boundary");
        errors.push(Code::P012, found, message, help);
    };
    let boxed = pointer == "Box";
    if place == Place::Lent {
        return refuse("take what holds it by value, or lend it by itself, as `&dyn …`");
    }
    match Dynamic::of(found) {
        Dynamic::Function(_) if !boxed => refuse("put it into a `Box`"),
        Dynamic::Function(_) if place == Place::Item => {
            refuse("let it be an argument, a result or a field, by itself or in a `Vec`");
        }
        Dynamic::Function(function)
            if function.lifetimes.iter().any(|lifetime| lifetime.ident != "static") =>
        {
            refuse(
                "leave the lifetime out: a closure that is moved owns what it needs; lend it as `&dyn Fn(…)`",
            );
        }
        Dynamic::Function(function) => self::function(&function, errors),
        Dynamic::Yields(_) if !boxed => refuse("put it into a `Box`"),
        Dynamic::Yields(yields) if yields.name == "Stream" => {
            refuse("write `BoxStream<'_, T>`, or `LocalBoxStream` without `Send`");
        }
        Dynamic::Yields(yields) => {
            let lifetimes: Vec<_> = yields.lifetimes.iter().map(ToString::to_string).collect();
            match owner(place, lifetimes.first().map(String::as_str)) {
                Some(help) => refuse(help),
                None => ty(yields.item, Place::Item, errors),
            }
        }
        Dynamic::Object(_) if !boxed && pointer != "Arc" => {
            refuse("put it into a `Box` or an `Arc`");
        }
        Dynamic::Object(object) => self::object(found, &object, &text, errors),
    }
}

/// Whose what an iterator, a stream or a future holds may be: a result may hold what is the object's, an argument only what is
/// its own. One lifetime for each place, because on the wire nothing is seen of it. Says what is wrong.
fn owner(place: Place, lifetime: Option<&str>) -> Option<&'static str> {
    match (place, lifetime) {
        (Place::Result(_), Some("'_")) | (Place::Argument(_), None | Some("'static")) => None,
        (Place::Result(_), None) => Some("write `+ '_`: what is returned may hold what is the object's"),
        (Place::Result(_), Some(_)) => Some("write `'_`: what is returned may hold what is the object's"),
        (Place::Argument(_), Some(_)) => {
            Some("leave the lifetime out, or write `'static`: what is given may be kept")
        }
        (Place::Item | Place::Field, _) => {
            Some("let it be an argument or a result; a field can hold a `Vec`")
        }
        (Place::Lent, _) => Some("take it by value: it is used up"),
    }
}

/// A closure's signature is like a method's.
fn function(found: &Function<'_>, errors: &mut Errors) {
    for arg in &found.args {
        ty(arg, Place::Argument(Depth::Whole), errors);
    }
    if let Some(ret) = found.ret {
        ty(ret, Place::Item, errors);
    }
}

/// An object of a contract: what its threads may do, the contract says.
fn object(found: &TypeTraitObject, object: &Object<'_>, text: &str, errors: &mut Errors) {
    let mut refuse = |help: String| {
        errors.push(Code::P012, found, format!("`{text}` cannot cross a plugin boundary"), help);
    };
    let Some(path) = object.path else { return refuse("name a contract's trait".to_owned()) };
    for bound in &object.others {
        match tokens_text(bound).as_str() {
            "'static" => {}
            lifetime if lifetime.starts_with('\'') => {
                return refuse(
                    "leave the lifetime out: an object that is moved owns what it needs".to_owned(),
                );
            }
            bound => {
                let name = tokens_text(path);
                let help =
                    format!("leave `{bound}` out here, and make it a supertrait: `trait {name}: {bound}`");
                return refuse(help);
            }
        }
    }
    let plain = path.segments.last().is_some_and(|last| matches!(last.arguments, PathArguments::None));
    if !plain {
        refuse("name a contract: a trait without parameters, marked `#[plugin_contract]`".to_owned());
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
        // Text and numbers may be borrowed of the object; where it is, only the plugin knows.
        Place::Result(_) if found.mutability.is_some() || dynamic(&found.elem).is_some() => {
            let message = format!("the result borrows: `{text}`");
            let owned = match &*found.elem {
                elem if dynamic(elem).is_some() => format!("Box<{owned}>"),
                _ => owned,
            };
            return errors.push(Code::P014, found, message, format!("return `{owned}`"));
        }
        Place::Item => {
            let message = format!("what is returned or yielded one by one borrows: `{text}`");
            return errors.push(Code::P014, found, message, format!("own it: `{owned}`"));
        }
        Place::Field => {
            let message = format!("a field that borrows: `{text}`");
            return errors.push(Code::P022, found, message, format!("own it: `{owned}`"));
        }
        // Text in a row is as good as what owns it.
        Place::Lent if text == "&str" => return,
        Place::Lent => {
            let message = format!("a reference behind a reference: `{text}`");
            let help = match dynamic(&found.elem) {
                Some(_) => "let it be an argument of its own".to_owned(),
                None => format!("own it: `{owned}`"),
            };
            return errors.push(Code::P013, found, message, help);
        }
        Place::Argument(_) | Place::Result(_) => {}
    }
    let refuse = |errors: &mut Errors, help: String| match place {
        Place::Result(_) => {
            errors.push(
                Code::P014,
                found,
                format!("the result borrows: `{text}`"),
                format!("return `{owned}`"),
            );
        }
        _ => {
            errors.push(Code::P013, found, format!("`{text}` cannot be lent across a plugin boundary"), help);
        }
    };
    if is_sink(&found.elem) {
        return refuse(errors, "take `Sink<'_>` by value: it is a reference already".to_owned());
    }
    if let Some(lifetime) = &found.lifetime {
        let (place, help) = match place {
            Place::Result(_) if lifetime.ident == "static" => {
                ("a result", "leave the lifetime out: nothing of a plugin outlives its code")
            }
            Place::Result(_) => ("a result", "leave the lifetime out: a result is borrowed of the object"),
            _ => ("an argument", "leave the lifetime out: arguments are lent for the length of the call"),
        };
        return errors.push(Code::P013, lifetime, format!("lifetime `{lifetime}` in {place}"), help);
    }
    if let Some(behind) = dynamic(&found.elem) {
        return lent(found, &behind, place, &text, errors);
    }
    value(found, place, &owned, refuse, errors);
}

/// Text, numbers and values that are lent.
fn value(
    found: &TypeReference,
    place: Place,
    owned: &str,
    refuse: impl Fn(&mut Errors, String),
    errors: &mut Errors,
) {
    let behind = plain_type(&found.elem);
    let mutable = found.mutability.is_some();
    if matches!(&*print::type_text(behind), "str" | "Path") {
        if mutable {
            refuse(errors, format!("take `&mut {owned}`"));
        }
        return;
    }
    if let Type::Slice(slice) = behind {
        let elem = print::type_text(&slice.elem);
        // Of an author's own name rustc says whether it is plain data.
        let in_place = !print::is_built_in(head(&elem)) || print::is_number(&elem);
        let in_place =
            in_place && !matches!(&*slice.elem, Type::Tuple(_) | Type::Array(_) | Type::Reference(_));
        return if place == Place::Argument(Depth::Whole) && !mutable {
            ty(&slice.elem, Place::Lent, errors);
        } else if in_place {
            ty(&slice.elem, Place::Field, errors);
        } else {
            refuse(errors, format!("take `{owned}`"));
        };
    }
    let text = print::type_text(behind);
    if mutable {
        return if place != Place::Argument(Depth::Whole) {
            refuse(errors, "let it be an argument of its own".to_owned());
        } else if references(behind) > 0 {
            refuse(errors, "let what it holds be its own: what is put into it may be kept".to_owned());
        } else {
            ty(behind, Place::Lent, errors);
        };
    }
    let instead = match (head(&text), print::element_of_vec(behind)) {
        (_, Some(element)) => format!("take `&[{element}]`"),
        ("String" | "Text", _) => "take `&str`".to_owned(),
        ("Buf", _) => "take `&[u8]`".to_owned(),
        ("PathBuf", _) => "take `&Path`".to_owned(),
        ("Option", _) if text.contains('<') => text.replacen("Option<", "take `Option<&", 1) + "`",
        ("Box", _) if text.contains('<') => {
            format!("lend what is in it: `&{}`", &text["Box<".len()..text.len() - 1])
        }
        ("Duration" | "SystemTime" | "IpAddr" | "Ipv4Addr" | "Ipv6Addr" | "SocketAddr", _) => {
            format!("take `{owned}` by value")
        }
        (name, _) if name != "Result" && print::is_built_in(name) => format!("take `{owned}` by value"),
        _ if !matches!(place, Place::Argument(Depth::Whole | Depth::Optional)) => {
            "let it be an argument of its own, or in an `Option` there".to_owned()
        }
        _ => return ty(behind, Place::Lent, errors),
    };
    refuse(errors, instead);
}

/// A trait object that is lent: an argument of its own, because it needs a place to stand on the other side.
fn lent(found: &TypeReference, behind: &Dynamic<'_>, place: Place, text: &str, errors: &mut Errors) {
    let mut refuse = |help: String| {
        errors.push(Code::P013, found, format!("`{text}` cannot be lent across a plugin boundary"), help);
    };
    if !place.is_whole() {
        return refuse("let it be an argument of its own".to_owned());
    }
    match behind {
        Dynamic::Function(function) => match (function.kind, found.mutability.is_some()) {
            (FunctionKind::Shared, false) | (FunctionKind::Exclusive, true) => {
                self::function(function, errors);
            }
            (FunctionKind::Shared, true) => {
                refuse("leave `mut` out: an `Fn` is called through `&`".to_owned());
            }
            (FunctionKind::Exclusive, false) => refuse("lend it as `&mut dyn FnMut(…)`".to_owned()),
            (FunctionKind::Once, _) => {
                refuse("take `Box<dyn FnOnce(…)>`: whoever calls it must own it".to_owned());
            }
        },
        Dynamic::Yields(yields) => {
            refuse(format!("take `Box<dyn {}<…>>`: it is used up", yields.name));
        }
        Dynamic::Object(object) => {
            if let Some(whole) = trait_object(&found.elem) {
                self::object(whole, object, text, errors);
            }
        }
    }
}

/// `Vec` of `Vec<u8>`.
fn head(text: &str) -> &str {
    text.split('<').next().unwrap_or_default()
}
