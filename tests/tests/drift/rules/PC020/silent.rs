//! Another order and docs: the lock holds neither.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    /// Replaces what was there.
    fn put(&mut self, key: &str, value: &[u8]);
    fn get(&self, key: &str) -> Option<Vec<u8>>;
}
