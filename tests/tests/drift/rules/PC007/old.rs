//! The contract as it was promised.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store: Send + Sync {
    fn size(&self, deep: bool) -> u64;
}
