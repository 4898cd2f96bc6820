//! Structs and enums under `#[derive(PluginType)]`.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident};
use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Expr, Generics, Ident, Member, Path, Token, Type};

use super::attributes::{self, TypeMarks};
use super::crossing::{self, Place};
use super::{check, print};
use crate::report::{Code, Errors, Finding};

/// A type that crosses, as it was written.
#[derive(Clone)]
pub struct PluginType {
    /// Its name.
    pub ident: Ident,
    /// The name under which it crosses: its own without `r#`, unless another is written.
    pub name: String,
    /// Its parameters: types, each of which crosses.
    pub generics: Generics,
    /// What it is made of.
    pub shape: Shape,
    /// The type that an enum's discriminants are written in.
    pub discriminant: Ident,
    /// Where `plugin_contracts` is.
    pub krate: TokenStream,
}

/// What a type is made of.
#[derive(Clone)]
pub enum Shape {
    /// A struct's fields.
    Struct(Fields),
    /// The fields of a struct that may gain more at its end.
    Sized(Fields),
    /// A struct whose bytes are shared in place.
    Plain(Fields),
    /// An enum's variants.
    Enum(Vec<Variant>),
    /// The variants of an enum that may gain more, without `Unknown`.
    Open(Vec<Variant>),
}

/// Fields of a struct or a variant.
pub type Fields = Vec<Field>;

/// One field.
#[derive(Clone)]
pub struct Field {
    /// How Rust names it: `key`, or `0`.
    pub member: Member,
    /// How it is named where digits cannot stand: `key`, or `_0`.
    pub ident: Ident,
    /// How it crosses: `key`, or `0`.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it is `Default::default()` where the other side does not know it.
    pub optional: bool,
}

/// One variant.
#[derive(Clone)]
pub struct Variant {
    /// Its name.
    pub ident: Ident,
    /// The discriminant, if one is written.
    pub discriminant: Option<Expr>,
    /// Its fields.
    pub fields: Fields,
}

/// How a struct crosses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StructForm {
    /// Field by field.
    Mirrored,
    /// In a box, and may gain fields at its end: `#[plugin(sized)]`.
    Sized,
    /// As the bytes that it is: `#[plugin(plain)]`.
    Plain,
}

/// How a variant says which number stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// Not at all: the one after the variant before it.
    Next,
    /// In so many words.
    Written(u32),
    /// By an expression, which rustc computes.
    Computed,
}

impl Field {
    /// The words that name it: in a tuple there is nothing but its type.
    #[must_use]
    pub fn name_tokens(&self) -> TokenStream {
        match &self.member {
            Member::Named(name) => name.to_token_stream(),
            Member::Unnamed(_) => self.ty.to_token_stream(),
        }
    }
}

impl Variant {
    /// The number that stands for it, as far as the words say it.
    #[must_use]
    pub fn number(&self) -> Number {
        match &self.discriminant {
            None => Number::Next,
            Some(Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. })) => {
                number.base10_parse().map_or(Number::Computed, Number::Written)
            }
            Some(_) => Number::Computed,
        }
    }

    /// The variant's name without `r#`, as it crosses.
    #[must_use]
    pub fn name(&self) -> String {
        print::plain(&self.ident)
    }
}

impl PluginType {
    /// Reads an item under the derive.
    ///
    /// # Errors
    /// Every mistake found.
    pub fn parse(item: TokenStream) -> Result<Self, Vec<Finding>> {
        let mut errors = Errors::new();
        let input = match syn::parse2::<DeriveInput>(item) {
            Ok(input) => input,
            Err(error) => {
                super::unreadable(&error, "derive `PluginType` on a struct or an enum", &mut errors);
                return errors.finish().map(|()| unreachable!("an error was noted"));
            }
        };
        let marks = TypeMarks::parse(&input, &mut errors);
        check::parameters(&input, marks.form == StructForm::Plain, &mut errors);
        let shape = match &input.data {
            Data::Struct(data) => {
                let fields = fields(&data.fields, &mut errors);
                check::trailing(&fields, marks.form == StructForm::Sized, &mut errors);
                match marks.form {
                    StructForm::Mirrored => Shape::Struct(fields),
                    StructForm::Sized => Shape::Sized(fields),
                    StructForm::Plain => {
                        check::plain(&input, &fields, &mut errors);
                        Shape::Plain(fields)
                    }
                }
            }
            Data::Enum(data) => {
                if data.variants.is_empty() {
                    let message = format!("`{}` has no variants, so no value of it can cross", input.ident);
                    errors.push(Code::P022, &input.ident, message, "add a variant, or leave the type out");
                }
                let read = |variant: &syn::Variant| Variant {
                    ident: variant.ident.clone(),
                    discriminant: variant.discriminant.as_ref().map(|(_, value)| value.clone()),
                    fields: fields(&variant.fields, &mut errors),
                };
                let mut variants: Vec<_> = data.variants.iter().map(read).collect();
                for variant in &variants {
                    check::trailing(&variant.fields, false, &mut errors);
                }
                if marks.open {
                    check::unknown(&input.ident, &variants, &mut errors);
                    variants.pop();
                    Shape::Open(variants)
                } else {
                    Shape::Enum(variants)
                }
            }
            Data::Union(_) => {
                let message = format!("`{}` is a union: nobody can tell which field is valid", input.ident);
                errors.push(Code::P020, &input.ident, message, "use an enum: its tag crosses too");
                Shape::Struct(Fields::new())
            }
        };
        errors.finish()?;
        let discriminant = discriminant(&input);
        let name = marks.name.unwrap_or_else(|| print::plain(&input.ident));
        Ok(Self {
            ident: input.ident,
            name,
            generics: input.generics,
            shape,
            discriminant,
            krate: marks.krate,
        })
    }
}

/// `u64` of `#[repr(u64)]`, else what rustc takes.
fn discriminant(input: &DeriveInput) -> Ident {
    let mut found = format_ident!("isize");
    for attr in input.attrs.iter().filter(|attr| attr.path().is_ident("repr")) {
        let Ok(words) = attr.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated) else {
            continue;
        };
        // Among `C` and `align`, what is built in can only be a number.
        let number =
            words.iter().filter_map(Path::get_ident).find(|word| print::is_built_in(&word.to_string()));
        found = number.cloned().unwrap_or(found);
    }
    found
}

fn fields(found: &syn::Fields, errors: &mut Errors) -> Fields {
    let one = |(field, member): (&syn::Field, Member)| {
        crossing::ty(&field.ty, Place::Field, errors);
        let (ident, name) = match &member {
            Member::Named(ident) => (ident.clone(), print::plain(ident)),
            Member::Unnamed(index) => (format_ident!("_{}", index.index), index.index.to_string()),
        };
        let optional = attributes::optional(field, errors);
        Field { member, ident, name, ty: field.ty.clone(), optional }
    };
    found.iter().zip(found.members()).map(one).collect()
}
