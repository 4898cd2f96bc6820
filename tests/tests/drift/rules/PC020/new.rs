//! An argument has another name.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn get(&self, key: &str) -> Option<Vec<u8>>;
    fn put(&mut self, key: &str, bytes: &[u8]);
}
