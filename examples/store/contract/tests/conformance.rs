//! The suite must fail for every broken store, for a test that cannot fail is a defect.
//!
//! One small honest store passes; then each way of breaking it has to be noticed, in the words of the right
//! promise.

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;

use store_contract::{Entry, Stats, Store, StoreError, check_key, conformance};

/// A store that breaks one promise, or none.
struct Sample {
    broken: Option<Promise>,
    map: Mutex<BTreeMap<String, Vec<u8>>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Promise {
    ReturnsWholeValues,
    ReplacesOnPut,
    NamesTheMissingKey,
    SaysWhetherItWasThere,
    RefusesTheEmptyKey,
    TellsKeysApart,
    SortsAScan,
    EndsAScanAtThePrefix,
    SizesAScan,
    CountsEntries,
    CountsBytes,
    NamesItsBackend,
    CountsLikeAScan,
    WritesInOnePiece,
}

impl Sample {
    fn new(broken: Option<Promise>) -> Self {
        // A key of somebody else, on each side of the suite's corner.
        let others =
            ["a key of mine", "~~~ and one behind"].map(|key| (key.to_owned(), b"untouched".to_vec()));
        Self { broken, map: Mutex::new(BTreeMap::from(others)) }
    }

    fn breaks(&self, promise: Promise) -> bool {
        self.broken == Some(promise)
    }

    fn address(&self, key: &str) -> String {
        if self.breaks(Promise::TellsKeysApart) { key.trim_end().to_owned() } else { key.to_owned() }
    }
}

impl Store for Sample {
    fn get(&self, key: &str) -> Result<Vec<u8>, StoreError> {
        check_key(key)?;
        let mut value = self.map.lock().unwrap().get(&self.address(key)).cloned().ok_or_else(|| {
            let named = if self.breaks(Promise::NamesTheMissingKey) { "" } else { key };
            StoreError::NotFound { key: named.to_owned() }
        })?;
        if self.breaks(Promise::ReturnsWholeValues) {
            value.truncate(65_536);
        }
        Ok(value)
    }

    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        if !(key.is_empty() && self.breaks(Promise::RefusesTheEmptyKey)) {
            check_key(key)?;
        }
        if self.breaks(Promise::ReplacesOnPut) && self.map.lock().unwrap().contains_key(key) {
            return Ok(());
        }
        if self.breaks(Promise::WritesInOnePiece) {
            let (half, whole) = (value[..value.len() / 2].to_vec(), value.to_vec());
            self.map.lock().unwrap().insert(self.address(key), half);
            std::thread::sleep(std::time::Duration::from_micros(200));
            self.map.lock().unwrap().insert(self.address(key), whole);
            return Ok(());
        }
        self.map.lock().unwrap().insert(self.address(key), value.to_vec());
        Ok(())
    }

    fn delete(&self, key: &str) -> Result<bool, StoreError> {
        check_key(key)?;
        let there = self.map.lock().unwrap().remove(&self.address(key)).is_some();
        Ok(there || self.breaks(Promise::SaysWhetherItWasThere))
    }

    fn scan(&self, prefix: &str) -> Result<Vec<Entry>, StoreError> {
        let map = self.map.lock().unwrap();
        let from = map.range(prefix.to_owned()..);
        let endless = self.breaks(Promise::EndsAScanAtThePrefix) && prefix.contains("scan ");
        let mut entries: Vec<_> = from
            .take_while(|(key, _)| endless || key.starts_with(prefix))
            .map(|(key, value)| Entry { key: key.clone(), size: value.len() as u64 })
            .collect();
        if self.breaks(Promise::SortsAScan) {
            entries.reverse();
        }
        if self.breaks(Promise::SizesAScan) {
            entries.iter_mut().for_each(|entry| entry.size = 0);
        }
        Ok(entries)
    }

    fn stats(&self) -> Result<Stats, StoreError> {
        let map = self.map.lock().unwrap();
        let hidden = u64::from(self.breaks(Promise::CountsEntries));
        let bytes = map.values().map(|value| value.len() as u64).sum::<u64>();
        Ok(Stats {
            entries: map.len() as u64 - hidden,
            bytes: bytes + u64::from(self.breaks(Promise::CountsBytes)),
            backend: if self.breaks(Promise::NamesItsBackend) { String::new() } else { "sample".to_owned() },
        })
    }

    fn count(&self, prefix: &str) -> Result<u64, StoreError> {
        let honest = self.scan(prefix)?.len() as u64;
        Ok(if self.breaks(Promise::CountsLikeAScan) { honest + 1 } else { honest })
    }
}

/// Implements only what 1.0 had, so that the default body of `count` is what answers.
struct Older(Sample);

impl Store for Older {
    fn get(&self, key: &str) -> Result<Vec<u8>, StoreError> {
        self.0.get(key)
    }
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.0.put(key, value)
    }
    fn delete(&self, key: &str) -> Result<bool, StoreError> {
        self.0.delete(key)
    }
    fn scan(&self, prefix: &str) -> Result<Vec<Entry>, StoreError> {
        self.0.scan(prefix)
    }
    fn stats(&self) -> Result<Stats, StoreError> {
        self.0.stats()
    }
}

#[test]
fn an_honest_store_passes_and_keeps_only_what_it_held_before() {
    let store = Sample::new(None);
    let before = store.scan("").unwrap();
    conformance::run(&store);
    assert_eq!(store.scan("").unwrap(), before);
}

#[test]
fn a_store_of_version_1_0_passes_by_the_default_body() {
    conformance::run(&Older(Sample::new(None)));
}

#[test]
fn a_run_removes_what_an_earlier_run_left_behind() {
    let mut store = Sample::new(Some(Promise::NamesItsBackend));
    let before = store.scan("").unwrap();
    verdict(&store).unwrap_err();
    assert!(store.scan("").unwrap().len() > before.len(), "the failed run should have left keys");

    store.broken = None;
    conformance::run(&store);
    assert_eq!(store.scan("").unwrap(), before);
}

#[test]
fn every_broken_promise_is_noticed_in_its_own_words() {
    use Promise::*;
    let cases = [
        (ReturnsWholeValues, "gave 65536 bytes where 1048576 were put; they are equal up to byte 65536"),
        (ReplacesOnPut, "gave 5 bytes where 18 were put"),
        (NamesTheMissingKey, "of a key that is not there"),
        (SaysWhetherItWasThere, "the second delete"),
        (RefusesTheEmptyKey, "put of a key of 0 bytes is InvalidKey"),
        (TellsKeysApart, "get("),
        (SortsAScan, "lists what begins so, sorted"),
        (EndsAScanAtThePrefix, "lists what begins so, sorted"),
        (SizesAScan, "with sizes"),
        (CountsEntries, "as many keys as stats counts"),
        (CountsBytes, "add up to the bytes of stats"),
        (NamesItsBackend, "names its backend"),
        (CountsLikeAScan, "is as many as scan lists"),
        (WritesInOnePiece, "torn write"),
    ];
    for (promise, words) in cases {
        let message = verdict(&Sample::new(Some(promise))).expect_err(&format!("{promise:?} went unnoticed"));
        assert!(message.starts_with("store conformance: "), "{promise:?}: {message}");
        assert!(message.contains(words), "{promise:?} should speak of {words:?}: {message}");
    }
}

/// Runs the suite and returns the first line of its complaint, if it has one.
fn verdict(store: &dyn Store) -> Result<(), String> {
    panic::catch_unwind(AssertUnwindSafe(|| conformance::run(store))).map_err(|panic| {
        // A message without arguments stays a literal.
        let literal = panic.downcast_ref::<&str>().copied();
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or(literal)
            .expect("the suite panics with text");
        text.strip_prefix("assertion `left == right` failed: ")
            .unwrap_or(text)
            .lines()
            .next()
            .unwrap_or("")
            .to_owned()
    })
}
