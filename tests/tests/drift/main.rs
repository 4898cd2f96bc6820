//! No drift compiles, and nothing is accused falsely.
//!
//! Each test writes a package with the contract of `store.rs`, changed at one place, beside the lock of the unchanged one,
//! and reads what rustc says.

mod aliases;
mod based;
mod bases;
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
use plugin_gen::lock::Lock;
use plugin_tests::package::{Package, rendered, underlined};

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

/// Who implements the contract, after `value` of `put` became a `&[u16]`.
const MEMORY: &str = "
    pub struct Memory;

    impl Store for Memory {
        fn get(&self, _: &str) -> Result<Vec<u8>, StoreError> { Err(StoreError::NotFound) }
        fn put(&self, _: &str, _: &[u16]) -> Result<(), StoreError> { Ok(()) }
        fn find(&self, _: Id) -> bool { true }
        fn rows(&self) -> Found { Vec::new() }
        fn size(&self, _: bool) -> u64 { 0 }
        fn clear(&self) {}
        fn repair(&self) -> Result<u64, String> { Ok(0) }
        #[cfg(unix)]
        fn sync(&self, _: bool) {}
        fn r#move(&self, _: u8) -> bool { true }
    }
";

/// Another contract: its text, and its lock as it stands.
struct Promised {
    source: &'static str,
    lock: String,
}

impl Promised {
    /// The text with this in place of that, which must be there once.
    fn edited(&self, from: &str, to: &str) -> String {
        edited_text(self.source, from, to)
    }

    /// Asks for one error of this code, on these words.
    #[track_caller]
    fn drifts(&self, source: &str, code: &str, at: &str) {
        let said = package(source, &self.lock).check();
        let [error] = said.as_slice() else {
            panic!("not one error but {}:\n{}", said.len(), rendered(&said))
        };
        assert!(error.message.contains(&format!("contract drift [{code}]")), "{}", error.message);
        assert_eq!(underlined(error), at, "{}", rendered(&said));
    }

    #[track_caller]
    fn compiles(&self, source: &str) {
        let said = package(source, &self.lock).check();
        assert!(said.is_empty(), "{}", rendered(&said));
    }

    /// That the lock holds these, and is read as it was written.
    #[track_caller]
    fn holds(&self, words: &[&str]) {
        let text = &self.lock;
        assert_eq!(&Lock::parse(text).unwrap().to_string(), text);
        for held in words {
            assert!(text.contains(held), "{held}:\n{text}");
        }
    }
}
