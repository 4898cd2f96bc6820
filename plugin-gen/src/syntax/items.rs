//! Contracts in a whole source file, for the front ends that have no attribute to be called by.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Item, Meta};

use super::Contract;
use crate::report::{Errors, Finding};

/// Every contract of a file, modules inside it included, in source order.
///
/// # Errors
/// The file is no Rust, or a contract has mistakes.
pub fn contracts_in(source: &str) -> Result<Vec<Contract>, Vec<Finding>> {
    let mut errors = Errors::new();
    let file = match syn::parse_file(source) {
        Ok(file) => file,
        Err(error) => {
            super::unreadable(&error, "correct the source first: rustc says more", &mut errors);
            return errors.finish().map(|()| Vec::new());
        }
    };
    errors.finish()?;
    let mut found = Vec::new();
    let mut findings = Vec::new();
    collect(file.items, &mut |arguments, item| match Contract::parse(arguments, item) {
        Ok(contract) => found.push(contract),
        Err(mistakes) => findings.extend(mistakes),
    });
    if findings.is_empty() { Ok(found) } else { Err(findings) }
}

fn collect(items: Vec<Item>, found: &mut impl FnMut(TokenStream, TokenStream)) {
    for item in items {
        match item {
            Item::Trait(mut item) => {
                let marks = |attr: &syn::Attribute| {
                    attr.path().segments.last().is_some_and(|last| last.ident == "plugin_contract")
                };
                if let Some(at) = item.attrs.iter().position(marks) {
                    let arguments = match item.attrs.remove(at).meta {
                        Meta::List(list) => list.tokens,
                        _ => TokenStream::new(),
                    };
                    found(arguments, item.to_token_stream());
                }
            }
            Item::Mod(module) => collect(module.content.map_or_else(Vec::new, |(_, items)| items), found),
            _ => {}
        }
    }
}
