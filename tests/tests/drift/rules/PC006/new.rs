//! The object is borrowed exclusively.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "2.0.0")]
pub trait Store {
    fn size(&mut self, deep: bool) -> u64;
}
