//! Every plugin must have `size`, and none has it yet.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "2.0.0")]
pub trait Store {
    fn get(&self, key: &str) -> Option<Vec<u8>>;
    fn size(&self, deep: bool) -> u64;
}
