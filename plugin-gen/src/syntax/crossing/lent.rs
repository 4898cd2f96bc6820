//! References: what can be lent, in which places, and what to write instead.
//!
//! In: a reference as it was written, and where. Out: findings.

use syn::{Type, TypeReference};

use super::{Depth, Place, trait_object, ty};
use crate::report::{Code, Errors};
use crate::syntax::dynamic::{Dynamic, FunctionKind, dynamic, plain_type};
use crate::syntax::{is_sink, print, references};

/// `&str` and slices of numbers are lent for the length of a call; any other reference would show the other side
/// bytes whose layout is rustc's secret.
pub(super) fn reference(found: &TypeReference, place: Place, errors: &mut Errors) {
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
        return pointed(found, &behind, place, &text, errors);
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
fn pointed(found: &TypeReference, behind: &Dynamic<'_>, place: Place, text: &str, errors: &mut Errors) {
    let mut refuse = |help: String| {
        errors.push(Code::P013, found, format!("`{text}` cannot be lent across a plugin boundary"), help);
    };
    if !place.is_whole() {
        return refuse("let it be an argument of its own".to_owned());
    }
    match behind {
        Dynamic::Function(function) => match (function.kind, found.mutability.is_some()) {
            (FunctionKind::Shared, false) | (FunctionKind::Exclusive, true) => {
                super::function(function, errors);
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
                super::object(whole, object, text, errors);
            }
        }
    }
}

/// `Vec` of `Vec<u8>`.
fn head(text: &str) -> &str {
    text.split('<').next().unwrap_or_default()
}
