//! What an editor's server sees: it expands the macros and reads the result, whether or not something is wrong. A trait
//! that were gone would turn one error into one wherever it is used.

use std::fs;
use std::path::Path;

use plugin_gen::LockFile;
use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::{Item, Meta};

use super::{SOURCE, edited, promised};

/// The names of the traits and types that the items of a source expand to, each behind the item's own.
fn expanded(source: &str, lock: &LockFile) -> (Vec<String>, String) {
    let file = syn::parse_file(source).expect("it is Rust");
    let (mut names, mut texts) = (Vec::new(), String::new());
    for item in file.items {
        let (name, tokens) = match item {
            Item::Trait(mut item) => {
                let marks = |attr: &syn::Attribute| attr.path().is_ident("plugin_contract");
                let Some(at) = item.attrs.iter().position(marks) else { continue };
                let Meta::List(list) = item.attrs.remove(at).meta else { panic!("it has arguments") };
                (item.ident.to_string(), plugin_gen::contract(list.tokens, item.to_token_stream(), lock))
            }
            Item::Struct(item) => (String::new(), plugin_gen::plugin_type(item.to_token_stream(), 0, lock)),
            Item::Enum(item) => (String::new(), plugin_gen::plugin_type(item.to_token_stream(), 0, lock)),
            _ => continue,
        };
        let read = parsed(&tokens);
        let is_it = |item: &Item| matches!(item, Item::Trait(found) if found.ident == name);
        names.extend(read.items.iter().any(is_it).then_some(name));
        texts += &tokens.to_string();
    }
    (names, texts)
}

/// Tokens, as a server holds them, and as text.
fn parsed(tokens: &TokenStream) -> syn::File {
    let text = tokens.to_string();
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    syn::parse2(tokens.clone()).expect("what is read as text is read as tokens")
}

#[test]
fn a_contract_that_drifted_is_still_there() {
    let lock = LockFile::of_text(&promised());
    let (names, text) = expanded(&edited("value: &[u8]", "value: &[u16]"), &lock);
    assert_eq!(names, ["Store"]);
    assert!(text.contains("compile_error") && text.contains("[PC003]"), "{text}");
    let (names, text) = expanded(SOURCE, &lock);
    assert_eq!(names, ["Store"]);
    assert!(!text.contains("compile_error"), "{text}");
}

#[test]
fn a_type_that_drifted_still_crosses() {
    let lock = LockFile::of_text(&promised());
    let (_, text) = expanded(&edited("cells: Vec<String>", "cells: Vec<u8>"), &lock);
    assert!(text.contains("[PC102]") && text.contains("PluginType for Row"), "{text}");
}

#[test]
fn a_lock_that_cannot_be_read_takes_nothing_away() {
    for lock in [LockFile::of_text("<<<<<<< HEAD\n"), LockFile::Unreadable("denied".to_owned())] {
        let (names, text) = expanded(SOURCE, &lock);
        assert_eq!(names, ["Store"]);
        assert!(text.contains("[PC204]"), "{text}");
    }
}

#[test]
fn every_pair_expands_to_its_trait_whatever_is_wrong_with_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drift/rules");
    let lock = LockFile::of_text(&promised());
    let mut seen = 0;
    for entry in fs::read_dir(folder).expect("it can be listed") {
        let path = entry.expect("it can be read").path().join("new.rs");
        let source = fs::read_to_string(&path).expect("a pair has a new side");
        // Every pair's id is the same: the lock of another contract accuses it of everything.
        let (names, text) = expanded(&source, &lock);
        assert_eq!(names.first().map(String::as_str), Some("Store"), "{}", path.display());
        seen += usize::from(text.contains("compile_error"));
    }
    assert!(seen > 10, "nothing was wrong with {seen} of them");
}
