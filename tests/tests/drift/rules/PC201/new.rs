//! Another id is another contract: no plugin and no host finds it by the old one.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.shop", version = "1.0.0")]
pub trait Store {
    fn get(&self, key: &str) -> Option<Vec<u8>>;
}
