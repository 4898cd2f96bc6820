//! `#[cfg]`s: which ask for nothing but the target, and where some of them hold and others do not.
//!
//! In: attributes. Out: attributes. What a condition says of the crate that is compiled, rustc knows.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Meta, parse_quote};

/// Whether a `#[cfg]` asks for nothing but the target.
#[must_use]
pub fn is_of_platform(cfg: &Attribute) -> bool {
    fn words(tokens: TokenStream) -> Vec<String> {
        let word = |token| match token {
            TokenTree::Ident(word) => vec![word.to_string()],
            TokenTree::Group(group) => words(group.stream()),
            _ => Vec::new(),
        };
        tokens.into_iter().flat_map(word).collect()
    }
    let Meta::List(list) = &cfg.meta else { return false };
    let platform = ["not", "any", "all", "unix", "windows"];
    let asked = words(list.tokens.clone());
    asked.iter().all(|word| word.starts_with("target_") || platform.contains(&word.as_str()))
}

/// The condition under which one of the first sets of `#[cfg]`s holds, and none of the second.
#[must_use]
pub fn holds_but_not(wanted: &[Vec<Attribute>], unwanted: &[Vec<Attribute>]) -> Attribute {
    let (wanted, unwanted) = (any_of(wanted), any_of(unwanted));
    parse_quote!(#[cfg(all(#wanted, not(#unwanted)))])
}

fn any_of(sets: &[Vec<Attribute>]) -> TokenStream {
    let sets = sets.iter().map(|cfgs| {
        let conditions = cfgs.iter().filter_map(|cfg| match &cfg.meta {
            Meta::List(list) => Some(&list.tokens),
            _ => None,
        });
        quote!(all(#(#conditions),*))
    });
    quote!(any(#(#sets),*))
}
