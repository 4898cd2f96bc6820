//! The trait may have another name; the id is what it is found by.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Shop {
    fn get(&self, key: &str) -> Option<Vec<u8>>;
}
