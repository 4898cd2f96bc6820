//! The attributes that only we know, taken from where they stand.
//!
//! In: attributes as rustc hands them over. Out: what they say, and the rest of them; what cannot be read was noted. It
//! does not know the item they stand on: what two of them say of each other is for `check`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::meta::ParseNestedMeta;
use syn::parse::Parser as _;
use syn::{Attribute, Data, DeriveInput, Field, Ident, LitStr, Path};

use super::{StructForm, Version, print};
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

/// What stands in `#[plugin(…)]` on a method.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct MethodMarks {
    /// `local`: its future stays on the thread where it was asked for.
    pub(super) local: bool,
    /// `nounwind`: it never panics, or the process may end.
    pub(super) nounwind: bool,
}

impl MethodMarks {
    /// Takes them out of the attributes.
    pub(super) fn take(attrs: &mut Vec<Attribute>, errors: &mut Errors) -> Self {
        let mut marks = Self::default();
        let help = "on a method there are `nounwind`: it never panics, or the process may end; and `local`, when it is `async`";
        each_mark(attrs, help, errors, |meta| {
            let mark = if meta.path.is_ident("local") {
                &mut marks.local
            } else if meta.path.is_ident("nounwind") {
                &mut marks.nounwind
            } else {
                return Err(meta.error("unknown here"));
            };
            if std::mem::replace(mark, true) {
                return Err(meta.error("given twice"));
            }
            Ok(())
        });
        attrs.retain(|attr| !attr.path().is_ident("plugin"));
        marks
    }
}

/// What stands in `#[plugin(…)]` on a type.
pub(super) struct TypeMarks {
    /// `crate = path`: where `plugin_contracts` is.
    pub(super) krate: TokenStream,
    /// `name = "Other"`: the name under which it crosses.
    pub(super) name: Option<String>,
    /// `open`: an enum that may gain variants.
    pub(super) open: bool,
    /// `sized` or `plain`: how a struct crosses.
    pub(super) form: StructForm,
}

impl TypeMarks {
    /// Reads them; what is unknown or stands on the wrong kind of type is noted.
    pub(super) fn parse(input: &DeriveInput, errors: &mut Errors) -> Self {
        let help = match input.data {
            Data::Enum(_) => "on an enum there are `open`, `name = \"Other\"` and `crate = path`",
            _ => "on a struct there are `sized` or `plain`, `name = \"Other\"` and `crate = path`",
        };
        let mut marks =
            Self { krate: quote!(::plugin_contracts), name: None, open: false, form: StructForm::Mirrored };
        let mut names = Vec::new();
        each_mark(&input.attrs, help, errors, |meta| {
            if meta.path.is_ident("open") && matches!(input.data, Data::Enum(_)) {
                marks.open = true;
            } else if meta.path.is_ident("sized") && matches!(input.data, Data::Struct(_)) {
                marks.form = StructForm::Sized;
            } else if meta.path.is_ident("plain") && matches!(input.data, Data::Struct(_)) {
                marks.form = StructForm::Plain;
            } else if meta.path.is_ident("name") {
                let name = meta.value()?.parse::<LitStr>()?;
                if marks.name.replace(name.value()).is_some() {
                    return Err(meta.error("given twice"));
                }
                names.push(name);
            } else if meta.path.is_ident("crate") {
                let path = meta.value()?.call(Path::parse_mod_style)?;
                marks.krate = quote!(#path);
            } else {
                return Err(meta.error("unknown here"));
            }
            Ok(())
        });
        for name in names {
            let text = name.value();
            if !is_name(&text) || print::is_built_in(&text) {
                let help = "write a name that a type of yours could have, as in `name = \"OldRow\"`";
                errors.push(Code::P022, &name, format!("`{text}` is no name for a type"), help);
            }
        }
        marks
    }
}

/// Whether `#[plugin(default)]` stands on a field.
pub(super) fn optional(field: &Field, errors: &mut Errors) -> bool {
    let mut found = false;
    let help = "on a field there is `default`, in a struct that is `#[plugin(sized)]`";
    each_mark(&field.attrs, help, errors, |meta| {
        if !meta.path.is_ident("default") {
            return Err(meta.error("unknown here"));
        }
        found = true;
        Ok(())
    });
    found
}

/// Reads the words of every `#[plugin(…)]`.
fn each_mark(
    attrs: &[Attribute],
    help: &str,
    errors: &mut Errors,
    mut read: impl FnMut(ParseNestedMeta<'_>) -> syn::Result<()>,
) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("plugin")) {
        if let Err(error) = attr.parse_nested_meta(&mut read) {
            let at = quote_spanned!(error.span()=> x);
            errors.push(Code::P002, &at, format!("cannot read this attribute: {error}"), help);
        }
    }
}

/// Whether a text is a name as it crosses: an identifier, any word included, without `r#`.
fn is_name(text: &str) -> bool {
    let ident = Ident::parse_any.parse_str(text);
    ident.is_ok_and(|ident| ident != "_" && print::plain(&ident) == text)
}
