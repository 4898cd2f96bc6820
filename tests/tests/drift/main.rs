//! No drift compiles, and nothing is accused falsely.
//!
//! Each test writes a package with the contract of `store.rs`, changed at one place, beside the lock of the unchanged one,
//! and reads what rustc says.

mod aliases;
mod doors;
mod editor;
mod format;
#[expect(unreachable_pub, unused_qualifications, reason = "as text it is a library of its own")]
mod goods;
mod handed;
mod handed_over;
mod instances;
mod lock_file;
mod made_of;
mod packages;
mod pairs;
mod promise;
mod rules;
#[expect(unreachable_pub, reason = "as text it is a library of its own")]
mod shop;
mod silent;
mod sinks;
#[expect(unreachable_pub, reason = "as text it is a library of its own")]
mod store;
mod types;
mod views;

use cargo_metadata::diagnostic::Diagnostic;
use plugin_tests::package::Package;

/// The contract as text.
const SOURCE: &str = include_str!("store.rs");

/// The contract with this in place of that, which must be there once.
fn edited(from: &str, to: &str) -> String {
    edited_text(SOURCE, from, to)
}

fn edited_text(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "`{from}` is not there once");
    text.replace(from, to)
}

/// The lock of the contract as it stands in `store.rs`.
fn promised() -> String {
    promise::lock::<dyn store::Store>().to_string()
}

/// A package with this source and that lock.
fn package(source: &str, lock: &str) -> Package {
    let package = Package::new("drifting", "2024", "plugin-contracts = { path = \"ROOT/contracts\" }");
    package.write("src/lib.rs", source);
    package.write("plugin-contract.lock", lock);
    package
}

/// What rustc says of this source under the lock of the unchanged contract.
fn under_lock(source: &str) -> Vec<Diagnostic> {
    package(source, &promised()).check()
}
