//! Threads may no longer share it.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "2.0.0")]
pub trait Store: Send {
    fn size(&self, deep: bool) -> u64;
}
