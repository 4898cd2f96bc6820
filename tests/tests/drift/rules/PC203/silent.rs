//! The same, with the version that it needs.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.1.0")]
pub trait Store {
    fn get(&self, key: &str) -> Option<Vec<u8>>;
    fn size(&self) -> u64 {
        0
    }
}
