//! The attributes that only we know, taken from where they stand.
//!
//! In: attributes as rustc hands them over. Out: what they say, and the rest of them; what cannot be read was noted. It
//! does not know the item they stand on: what two of them say of each other is for `check`.

use syn::ext::IdentExt as _;
use syn::parse::Parser as _;
use syn::{Attribute, Ident, LitStr};

use super::{Version, print};
use crate::report::{Code, Errors};

/// Takes `#[since("1.1.0")]` out of the attributes.
pub(super) fn since(
    attrs: &mut Vec<Attribute>,
    now: Option<Version>,
    errors: &mut Errors,
) -> Option<Version> {
    let mut found = None;
    attrs.retain(|attr| {
        if !attr.path().is_ident("since") {
            return true;
        }
        let version = attr.parse_args::<LitStr>().ok().and_then(|text| Version::parse(&text.value()));
        match version {
            Some(version) if now.is_none_or(|now| version <= now) => found = Some(version),
            Some(version) => {
                let now = now.map_or_else(String::new, |now| now.to_string());
                let message = format!("since {version}, but the contract is at {now}");
                errors.push(Code::P004, attr, message, "raise the contract's `version`, or correct `since`");
            }
            None => {
                errors.push(Code::P004, attr, "`since` takes a version", "write `#[since(\"1.1.0\")]`");
            }
        }
        false
    });
    found
}

/// Takes every `#[renamed_from("get")]` out of the attributes.
pub(super) fn renamed_from(attrs: &mut Vec<Attribute>, errors: &mut Errors) -> Vec<LitStr> {
    let mut found = Vec::new();
    attrs.retain(|attr| {
        if !attr.path().is_ident("renamed_from") {
            return true;
        }
        let help =
            "write `#[renamed_from(\"get\")]`, with the name as the older contract had it, once for each";
        match attr.parse_args::<LitStr>() {
            Ok(name) if is_name(&name.value()) => found.push(name),
            Ok(name) => {
                let message = format!("`{}` is no method's name", name.value());
                errors.push(Code::P016, &name, message, help);
            }
            Err(_) => errors.push(Code::P016, attr, "`renamed_from` takes a method's former name", help),
        }
        false
    });
    found
}

/// Whether a text is a name as it crosses: an identifier, any word included, without `r#`.
fn is_name(text: &str) -> bool {
    let ident = Ident::parse_any.parse_str(text);
    ident.is_ok_and(|ident| ident != "_" && print::plain(&ident) == text)
}
