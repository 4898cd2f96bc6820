//! A method was added, and the version says that nothing was.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn get(&self, key: &str) -> Option<Vec<u8>>;
    fn size(&self) -> u64 {
        0
    }
}
