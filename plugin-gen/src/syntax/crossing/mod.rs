//! Which types can cross, and what to write instead of those that cannot.
//!
//! In: a type as it was written, and where. Out: findings. It does not know what a name stands for.

mod lent;

use syn::{GenericArgument, Ident, PathArguments, Type, TypePath, TypeTraitObject};

use super::check::tokens_text;
use super::dynamic::{Container, Dynamic, Function, Object, holds_function, is_stream, plain_type};
use super::print;
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
        Type::Reference(reference) => return lent::reference(reference, place, errors),
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
