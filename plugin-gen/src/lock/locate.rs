//! Where a difference stands: the words that a place names.
//!
//! In: a tree with spans, and a place. Out: tokens; the item's name where there is nothing better to point at.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};

use super::difference::{ContractPart, MethodPart, Place, TypePart};
use crate::syntax::{Contract, Field, Fields, Method, PluginType, Shape, role_tokens, type_text};

/// The words of a contract that a place names. `at` tells methods of one name, under different `#[cfg]`s, apart.
pub(crate) fn in_contract(contract: &Contract, at: Option<usize>, place: &Place) -> TokenStream {
    match place {
        Place::Contract { part: ContractPart::Bounds, .. } if !contract.supertraits.is_empty() => {
            contract.supertraits.clone()
        }
        Place::Contract { part: ContractPart::Version, .. } => {
            quote_spanned!(contract.arguments.version_span=> x)
        }
        Place::Method { name, part, .. } => {
            let found = at.map(|at| &contract.methods[at]);
            match found.or_else(|| contract.methods.iter().find(|method| method.name() == *name)) {
                Some(method) => in_method(method, *part),
                // It is that of a base.
                None if !contract.bases.is_empty() => contract.supertraits.clone(),
                None => contract.ident.to_token_stream(),
            }
        }
        _ => contract.ident.to_token_stream(),
    }
}

fn in_method(method: &Method, part: MethodPart) -> TokenStream {
    match part {
        MethodPart::Role => role_tokens(method),
        MethodPart::Receiver => method.receiver_tokens.clone(),
        MethodPart::Argument(at) if at < method.args.len() => method.args[at].ty.to_token_stream(),
        // Nothing may be written where the return type would stand.
        MethodPart::Result if type_text(&method.ret) != "()" => method.ret.to_token_stream(),
        _ => method.ident.to_token_stream(),
    }
}

/// The words of a derived type that a place names.
pub(crate) fn in_type(ty: &PluginType, place: &Place) -> TokenStream {
    let Place::Type { part, .. } = place else { return ty.ident.to_token_stream() };
    let tokens = match (part, &ty.shape) {
        (TypePart::FieldName(name), Shape::Struct(fields) | Shape::Sized(fields)) => {
            field(fields, name).map(Field::name_tokens)
        }
        (TypePart::FieldType(name), Shape::Struct(fields) | Shape::Sized(fields)) => {
            field(fields, name).map(|field| field.ty.to_token_stream())
        }
        (TypePart::Variant(name), Shape::Enum(variants) | Shape::Open(variants)) => variants
            .iter()
            .find(|variant| variant.name() == *name)
            .map(|variant| variant.ident.to_token_stream()),
        (TypePart::VariantField(name, of), Shape::Enum(variants) | Shape::Open(variants)) => variants
            .iter()
            .find(|variant| variant.name() == *name)
            .and_then(|variant| field(&variant.fields, of))
            .map(|field| field.ty.to_token_stream()),
        _ => None,
    };
    tokens.unwrap_or_else(|| ty.ident.to_token_stream())
}

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a Field> {
    fields.iter().find(|field| field.name == name)
}
