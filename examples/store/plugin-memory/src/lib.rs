//! The plugin `memory`: a [`Store`] that lives in a map and forgets everything when it is dropped.
//!
//! Calls of the contract come in, owned copies of what the map holds go out. Nothing here knows that it may
//! be loaded from a file: the impl is what every Rust programmer writes, and the last line makes it a plugin.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use plugin_contracts::PluginContext;
use store_contract::{Entry, Stats, Store, StoreError, check_key};

/// Keys and values by key; `str` orders by bytes, as the contract demands.
type Map = BTreeMap<String, Vec<u8>>;

/// A store in memory.
///
/// Many readers or one writer at a time. Nothing outlives the value, so there is nothing to configure.
#[derive(Debug, Default)]
pub struct Memory {
    map: RwLock<Map>,
}

impl Memory {
    /// Builds an empty store, as a host that loads the plugin does; the configuration is not looked at.
    ///
    /// # Errors
    ///
    /// None: the signature is the one that [`plugin_contracts::export_plugin!`] asks for.
    pub fn new(_ctx: &PluginContext) -> Result<Self, String> {
        Ok(Self::default())
    }

    /// The map to read. A poisoned lock is no reason to fail: each write below is one operation on the map,
    /// so a panic elsewhere leaves it whole.
    fn read(&self) -> RwLockReadGuard<'_, Map> {
        self.map.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The map to write; see [`Memory::read`] about poison.
    fn write(&self) -> RwLockWriteGuard<'_, Map> {
        self.map.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Memory {
    fn get(&self, key: &str) -> Result<Vec<u8>, StoreError> {
        check_key(key)?;
        self.read().get(key).cloned().ok_or_else(|| StoreError::NotFound { key: key.to_owned() })
    }

    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        check_key(key)?;
        // Copied before the lock is taken, and the old value freed after it: readers wait for the map, not
        // for memory.
        let (key, value) = (key.to_owned(), value.to_vec());
        let replaced = self.write().insert(key, value);
        drop(replaced);
        Ok(())
    }

    fn delete(&self, key: &str) -> Result<bool, StoreError> {
        check_key(key)?;
        let removed = self.write().remove(key);
        Ok(removed.is_some())
    }

    fn scan(&self, prefix: &str) -> Result<Vec<Entry>, StoreError> {
        let map = self.read();
        let entry = |(key, value): (&String, &Vec<u8>)| Entry { key: key.clone(), size: value.len() as u64 };
        Ok(beginning_with(&map, prefix).map(entry).collect())
    }

    fn stats(&self) -> Result<Stats, StoreError> {
        let map = self.read();
        let bytes = map.values().map(|value| value.len() as u64).sum();
        Ok(Stats { entries: map.len() as u64, bytes, backend: "memory".to_owned() })
    }

    fn count(&self, prefix: &str) -> Result<u64, StoreError> {
        Ok(beginning_with(&self.read(), prefix).count() as u64)
    }
}

/// The pairs whose key begins with `prefix`. They are neighbours, and none sorts before the prefix.
fn beginning_with<'a>(map: &'a Map, prefix: &'a str) -> impl Iterator<Item = (&'a String, &'a Vec<u8>)> {
    map.range::<str, _>((Bound::Included(prefix), Bound::Unbounded))
        .take_while(move |(key, _)| key.starts_with(prefix))
}

plugin_contracts::export_plugin!(dyn Store => Memory::new);
