//! Contracts and derived types in a whole source file, for the front ends that have no attribute to be called by.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Item, Meta, Path, Token, punctuated::Punctuated};

use super::{Contract, PluginType};
use crate::report::{Errors, Finding};

/// What a source file holds that crosses, modules inside it included, in source order.
#[derive(Clone, Default)]
pub struct Items {
    /// Traits under `#[plugin_contract]`.
    pub contracts: Vec<Contract>,
    /// Structs and enums that derive `PluginType`, as far as they are there whatever the `#[cfg]`s say.
    pub types: Vec<PluginType>,
}

/// Reads a file.
///
/// # Errors
/// The file is no Rust, or a contract or type has mistakes.
pub fn items_in(source: &str) -> Result<Items, Vec<Finding>> {
    let mut errors = Errors::new();
    let file = match syn::parse_file(source) {
        Ok(file) => file,
        Err(error) => {
            super::unreadable(&error, "correct the source first: rustc says more", &mut errors);
            return errors.finish().map(|()| Items::default());
        }
    };
    errors.finish()?;
    let (mut found, mut findings) = (Items::default(), Vec::new());
    for item in file.items {
        collect(item, &mut found, &mut findings);
    }
    if findings.is_empty() { Ok(found) } else { Err(findings) }
}

fn collect(item: Item, found: &mut Items, findings: &mut Vec<Finding>) {
    match item {
        Item::Trait(mut item) => {
            let marks = |attr: &Attribute| is_last(attr.path(), "plugin_contract");
            let Some(at) = item.attrs.iter().position(marks) else { return };
            let arguments = match item.attrs.remove(at).meta {
                Meta::List(list) => list.tokens,
                _ => TokenStream::new(),
            };
            match Contract::parse(arguments, item.to_token_stream()) {
                Ok(contract) => found.contracts.push(contract),
                Err(mistakes) => findings.extend(mistakes),
            }
        }
        Item::Struct(item) if derives(&item.attrs) => ty(&item, found, findings),
        Item::Enum(item) if derives(&item.attrs) => ty(&item, found, findings),
        Item::Mod(module) if !module.attrs.iter().any(is_test) => {
            for item in module.content.map_or_else(Vec::new, |(_, items)| items) {
                collect(item, found, findings);
            }
        }
        _ => {}
    }
}

/// A derive sees a type after its `#[cfg]`s; here they are still undecided, and such a type is left to it.
fn ty(item: &impl ToTokens, found: &mut Items, findings: &mut Vec<Finding>) {
    let tokens = item.to_token_stream();
    if mentions_cfg(tokens.clone()) {
        return;
    }
    match PluginType::parse(tokens) {
        Ok(ty) => found.types.push(ty),
        Err(mistakes) => findings.extend(mistakes),
    }
}

fn mentions_cfg(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        proc_macro2::TokenTree::Ident(word) => word == "cfg" || word == "cfg_attr",
        proc_macro2::TokenTree::Group(group) => mentions_cfg(group.stream()),
        _ => false,
    })
}

fn derives(attrs: &[Attribute]) -> bool {
    attrs.iter().filter(|attr| attr.path().is_ident("derive")).any(|attr| {
        attr.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)
            .is_ok_and(|paths| paths.iter().any(|path| is_last(path, "PluginType")))
    })
}

fn is_test(attr: &Attribute) -> bool {
    attr.path().is_ident("cfg") && attr.parse_args::<Path>().is_ok_and(|word| word.is_ident("test"))
}

fn is_last(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}
