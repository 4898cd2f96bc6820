//! The contract `acme.store`: a map from text keys to bytes, promised by one Rust trait.
//!
//! [`Store`] is the single source of truth: the stub of the host, the shim of a plugin, the version check and
//! the mock are all printed from it. Hosts and plugins depend on this crate and never on each other, so it
//! knows no backend, no file and no command line. [`conformance`] is the same promise as tests.
//!
//! # Keys and values
//!
//! A key is 1 to [`MAX_KEY_BYTES`] bytes of UTF-8; any character is welcome, `/` and NUL included, and none
//! has a meaning. Keys are ordered by their bytes, as `str` is. Every method that takes a key refuses a bad
//! one with [`StoreError::InvalidKey`]; [`check_key`] is that rule, so that all backends refuse the same
//! ones. A value is any bytes, also none at all; it travels whole, so it must fit in memory.
//!
//! # Ownership and threads
//!
//! Arguments are borrowed for the call and copied by a store that keeps them; results belong to the caller. A
//! store is shared: every method takes `&self` and may be called from any thread at any time. A call sees
//! everything that calls which had already returned have written, and one `put` or `delete` happens
//! completely or not at all.

mod error;
mod key;

pub mod conformance;

use plugin_contracts::{PluginType, plugin_contract};

// The public interface is:
pub use error::StoreError;
pub use key::{MAX_KEY_BYTES, check_key};

/// One stored key, as [`Store::scan`] lists it: without its value, which may be large.
#[derive(Debug, Clone, PartialEq, Eq, PluginType)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// How long the value is, in bytes.
    pub size: u64,
}

/// What a store holds, as [`Store::stats`] counts it.
#[derive(Debug, Clone, PartialEq, Eq, PluginType)]
pub struct Stats {
    /// How many keys are stored.
    pub entries: u64,
    /// The sum of the lengths of all values, in bytes; keys and the backend's own overhead are not in it.
    pub bytes: u64,
    /// The backend in a word for people, such as `memory` or `disk`; never empty.
    pub backend: String,
}

/// A map from text keys to bytes.
///
/// Besides the errors named below, any method may return [`StoreError::Io`] when the backend's medium fails,
/// and [`StoreError::Fault`] when the plugin itself does: that plugin instance must not be used again.
#[plugin_contract(id = "acme.store", version = "1.1.0", mock)]
pub trait Store: Send + Sync {
    /// The value stored under `key`.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] when there is none, [`StoreError::InvalidKey`] for a bad key.
    fn get(&self, key: &str) -> Result<Vec<u8>, StoreError>;

    /// Stores `value` under `key`, in place of what was there.
    ///
    /// What has been put is seen by every later call at once. Whether it outlives a crash is for the backend
    /// to document; [`stats`](Store::stats) waits until it does as far as that backend can.
    ///
    /// # Errors
    ///
    /// [`StoreError::InvalidKey`] for a bad key.
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError>;

    /// Removes `key` and its value: `true` when it was there, `false` when there was nothing to remove.
    ///
    /// # Errors
    ///
    /// [`StoreError::InvalidKey`] for a bad key.
    fn delete(&self, key: &str) -> Result<bool, StoreError>;

    /// Lists the keys that begin with `prefix`, each once, in ascending byte order.
    ///
    /// The empty prefix lists everything. A prefix is not a key: any text will do.
    ///
    /// # Errors
    ///
    /// Only those any method may return.
    fn scan(&self, prefix: &str) -> Result<Vec<Entry>, StoreError>;

    /// Counts the whole store.
    ///
    /// This is also the barrier: a backend that delays its writes brings them to its medium first. So the
    /// figures are about what is kept, and a delayed write that fails is reported here at the latest.
    ///
    /// # Errors
    ///
    /// Only those any method may return.
    fn stats(&self) -> Result<Stats, StoreError>;

    /// How many keys begin with `prefix`: as many as [`scan`](Store::scan) would list.
    ///
    /// New in 1.1.0. The default body serves plugins built against 1.0; a backend that can count without
    /// listing overrides it.
    ///
    /// # Errors
    ///
    /// Only those any method may return.
    #[since("1.1.0")]
    fn count(&self, prefix: &str) -> Result<u64, StoreError> {
        self.scan(prefix).map(|entries| entries.len() as u64)
    }
}
