//! The road from tokens to tokens, for whoever opens the door.
//!
//! In: an item, and what the lock file says. Out: its expansion, or the item and the errors. It does not read files.

use std::sync::Arc;

use proc_macro2::TokenStream;

use crate::lock::{self, Lock, LockError, Promise, TypePromise};
use crate::report::{self, Finding};
use crate::rust;
use crate::syntax::{Contract, Export, Implementation, KERNEL_ATTRIBUTES, PluginType};

/// What a front end found where the lock file should be.
#[derive(Clone, Debug)]
pub enum LockFile {
    /// There is none, or nobody asked: nothing is compared.
    None,
    /// What it promises.
    Promised(Arc<Lock>),
    /// A text that is no lock.
    Damaged(LockError),
    /// Something that cannot be read, and what the system said of it.
    Unreadable(String),
    /// The lock is there and tracked, but not compared: the command line wants to see code that drifted.
    Ignored,
}

impl LockFile {
    /// A lock file with this text.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        match Lock::parse(text) {
            Ok(lock) => Self::Promised(Arc::new(lock)),
            Err(error) => Self::Damaged(error),
        }
    }
}

/// Expands `#[plugin_contract(arguments)] item`.
///
/// When something is wrong the item is still printed wherever possible, so that one error does not become forty.
#[must_use]
pub fn contract(arguments: TokenStream, item: TokenStream, lock_file: &LockFile) -> TokenStream {
    match Contract::parse(arguments, item.clone()) {
        Ok(mut contract) => {
            let (promise, findings) = promise(&contract, lock_file);
            if let LockFile::Promised(lock) = lock_file {
                lock::since(&mut contract, lock);
            }
            let mut tokens = errors(&findings);
            tokens.extend(rust::contract(&contract, &promise));
            tokens
        }
        Err(findings) => {
            let mut tokens = errors(&findings);
            tokens.extend(without_ours(item));
            tokens
        }
    }
}

/// Compares a contract with the lock. What tokens can tell is found here; the rest is left to rustc.
fn promise(contract: &Contract, lock_file: &LockFile) -> (Promise, Vec<Finding>) {
    let lock = match lock_file {
        LockFile::None => return (Promise::default(), Vec::new()),
        LockFile::Ignored => return (Promise { track: true, ..Promise::default() }, Vec::new()),
        LockFile::Unreadable(error) => {
            let cure = "make it a file that can be read, or remove it";
            return (Promise::default(), vec![unreadable(contract, error, cure)]);
        }
        LockFile::Damaged(error) => {
            let promise = Promise { track: true, ..Promise::default() };
            return (promise, vec![unreadable(contract, &error.to_string(), error.cure())]);
        }
        LockFile::Promised(lock) => lock,
    };
    let mut promise = Promise { track: true, ..Promise::default() };
    let Some(locked) = lock.contracts.get(&contract.arguments.id).filter(|_| !contract.arguments.unlocked)
    else {
        return (promise, Vec::new());
    };
    promise.locked = true;
    let findings = lock::compare(contract, lock, locked, &mut promise);
    (promise, findings.into_iter().filter(Finding::is_error).collect())
}

fn unreadable(contract: &Contract, error: &str, cure: &str) -> Finding {
    let message = format!("{}: {error}", plugin_abi::name::LOCK_FILE);
    Finding::new(report::Code::PC204, &contract.ident, message, cure)
}

/// Expands `#[derive(PluginType)] item`. The serial number differs for every item of a crate: items that a macro of the
/// user's printed share everything else that could tell them apart.
#[must_use]
pub fn plugin_type(item: TokenStream, serial: u64, lock_file: &LockFile) -> TokenStream {
    match PluginType::parse(item) {
        Ok(ty) => {
            let mut promise = TypePromise::default();
            let findings = match lock_file {
                LockFile::Promised(lock) => lock::compare_type(&ty, lock, &mut promise),
                // What is wrong with the file, a contract says.
                _ => Vec::new(),
            };
            let findings: Vec<_> = findings.into_iter().filter(Finding::is_error).collect();
            let mut tokens = errors(&findings);
            tokens.extend(rust::plugin_type(&ty, serial, &promise));
            tokens
        }
        Err(findings) => errors(&findings),
    }
}

/// Expands `#[plugin_impl] item`.
#[must_use]
pub fn implementation(item: TokenStream) -> TokenStream {
    match Implementation::parse(item.clone()) {
        Ok(found) => rust::implementation(&found),
        Err(findings) => {
            let mut tokens = errors(&findings);
            tokens.extend(item);
            tokens
        }
    }
}

/// Expands `export_plugin!(input)` in the crate with this name.
#[must_use]
pub fn export(input: TokenStream, crate_name: &str) -> TokenStream {
    match Export::parse_tokens(input) {
        Ok(export) => rust::export(&export, crate_name),
        Err(findings) => errors(&findings),
    }
}

fn errors(findings: &[Finding]) -> TokenStream {
    findings.iter().map(Finding::to_compile_error).collect()
}

/// A trait that was refused, as rustc can still read it: without the attributes that only we know.
fn without_ours(item: TokenStream) -> TokenStream {
    use proc_macro2::{Group, TokenTree};
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in item {
        match token {
            TokenTree::Group(group) => {
                let word = group.stream().into_iter().next().map(|word| word.to_string());
                let after_pound =
                    matches!(kept.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == '#');
                let is_ours = |word: &str| {
                    ["since", "renamed_from", "plugin"].contains(&word) || KERNEL_ATTRIBUTES.contains(&word)
                };
                if after_pound && word.as_deref().is_some_and(is_ours) {
                    kept.pop();
                    continue;
                }
                let mut inner = Group::new(group.delimiter(), without_ours(group.stream()));
                inner.set_span(group.span());
                kept.push(inner.into());
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}
