//! The contract as tests: one suite that every implementation passes unchanged.
//!
//! In comes any store: linked in, loaded from a `.so`, or behind a wire. Out comes nothing when it keeps the
//! contract, else a panic that names the violated promise. It does not know what is behind the trait, and
//! that is its point: what a host relies on holds however the store is carried.
//!
//! The suite works inside its own corner of the key space, so the store may already hold other keys. Nobody
//! else may write meanwhile, for [`Store::stats`] counts everything.

mod listing;
mod overlap;
mod values;

use crate::{Store, StoreError};

/// The suite's own corner: all keys it writes begin so, and it deletes whatever begins so.
const CORNER: &str = "~conformance 5f0e1d7c/";

/// Runs every check against `store` and leaves it as it was found.
///
/// Takes some MiB of memory for a moment, and as long as a few thousand calls take.
///
/// # Panics
///
/// On the first promise that the store does not keep, saying which one, the call made, what was expected and
/// what came. What the suite had written then stays behind; its next run removes it.
pub fn run(store: &dyn Store) {
    clean(store);
    let before = ok("stats", "", store.stats());

    values::check(store);
    listing::check(store);
    overlap::check(store);

    clean(store);
    let after = ok("stats", "", store.stats());
    assert_eq!(after, before, "store conformance: with all keys of the suite deleted, `stats` is as before");
}

/// A key inside the suite's corner.
fn key(name: &str) -> String {
    format!("{CORNER}{name}")
}

/// Deletes all that this run, or one that panicked earlier, has left in the corner.
fn clean(store: &dyn Store) {
    for entry in ok("scan", CORNER, store.scan(CORNER)) {
        assert!(entry.key.starts_with(CORNER), "store conformance: scan({CORNER:?}) listed {:?}", entry.key);
        ok("delete", &entry.key, store.delete(&entry.key));
    }
}

/// The result of a call that must succeed.
#[track_caller]
fn ok<T>(method: &str, argument: &str, result: Result<T, StoreError>) -> T {
    result.unwrap_or_else(|error| panic!("store conformance: {method}({argument:?}) failed: {error}"))
}

/// Asserts that `key` holds exactly `expected`, without printing a megabyte when it does not.
#[track_caller]
fn holds(store: &dyn Store, key: &str, expected: &[u8]) {
    let found = ok("get", key, store.get(key));
    let equal = found.iter().zip(expected).take_while(|(a, b)| a == b).count();
    assert!(
        found == expected,
        "store conformance: get({key:?}) gave {} bytes where {} were put; they are equal up to byte {equal}",
        found.len(),
        expected.len(),
    );
}

/// Asserts that `key` holds nothing, and that the error says which key it was.
#[track_caller]
fn holds_nothing(store: &dyn Store, key: &str) {
    let found = store.get(key).map(|value| format!("{} bytes", value.len()));
    let expected = Err(StoreError::NotFound { key: key.to_owned() });
    assert_eq!(found, expected, "store conformance: get({key:?}) of a key that is not there");
}
