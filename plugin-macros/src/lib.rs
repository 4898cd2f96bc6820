//! The macros of `plugin-contracts`. They convert tokens, read the lock file, call `plugin-gen`, and nothing else.
//!
//! Use them through `plugin_contracts`, which documents them.

#![forbid(unsafe_code)]

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use plugin_gen::LockFile;
use proc_macro::TokenStream;

/// See `plugin_contracts::plugin_contract`.
#[proc_macro_attribute]
pub fn plugin_contract(arguments: TokenStream, item: TokenStream) -> TokenStream {
    plugin_gen::contract(arguments.into(), item.into(), &lock_file()).into()
}

/// See `plugin_contracts::PluginType`.
#[proc_macro_derive(PluginType, attributes(plugin))]
pub fn plugin_type(item: TokenStream) -> TokenStream {
    // Items of one crate are expanded one after another, always in the same order.
    static SERIAL: AtomicU64 = AtomicU64::new(0);
    let lock = if is_library() { lock_file() } else { LockFile::None };
    plugin_gen::plugin_type(item.into(), SERIAL.fetch_add(1, Ordering::Relaxed), &lock).into()
}

/// See `plugin_contracts::plugin_impl`.
#[proc_macro_attribute]
pub fn plugin_impl(_: TokenStream, item: TokenStream) -> TokenStream {
    plugin_gen::implementation(item.into()).into()
}

/// See `plugin_contracts::export_plugin`.
#[proc_macro]
pub fn export_plugin(input: TokenStream) -> TokenStream {
    // Cargo says which crate is compiled; without cargo there is but one.
    let crate_name = env::var("CARGO_CRATE_NAME").unwrap_or_else(|_| "plugin".to_owned());
    plugin_gen::export(input.into(), &crate_name).into()
}

/// The lock file beside the manifest of the package that is compiled.
fn lock_file() -> LockFile {
    let Some(package) = env::var_os("CARGO_MANIFEST_DIR") else { return LockFile::None };
    let path = Path::new(&package).join(plugin_abi::name::LOCK_FILE);
    let describe = env::var_os(plugin_abi::name::DESCRIBE_VAR).is_some();
    match fs::read_to_string(&path) {
        Ok(_) if describe => LockFile::Ignored,
        Ok(text) => parsed(text),
        Err(error) if error.kind() == ErrorKind::NotFound => LockFile::None,
        Err(error) => LockFile::Unreadable(error.to_string()),
    }
}

/// A lock that was read. Every contract and type of a crate asks for the same one; an editor's server asks for years.
fn parsed(text: String) -> LockFile {
    static LAST: Mutex<Option<(String, LockFile)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    match &*last {
        Some((known, lock)) if *known == text => lock.clone(),
        _ => {
            let lock = LockFile::of_text(&text);
            *last = Some((text, lock.clone()));
            lock
        }
    }
}

/// Whether the package's library is compiled: a lock holds its types, by their names. What a program, a test, an example
/// or a doctest calls by one of those names is another type; where unit tests are compiled, contracts still ask for the
/// types that they reach.
fn is_library() -> bool {
    let elsewhere = ["CARGO_BIN_NAME", "CARGO_TARGET_TMPDIR", "UNSTABLE_RUSTDOC_TEST_PATH"];
    elsewhere.iter().all(|name| env::var_os(name).is_none()) && !env::args_os().any(|word| word == "--test")
}
