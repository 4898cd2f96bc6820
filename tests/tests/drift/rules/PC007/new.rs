//! The result comes later.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "2.0.0")]
pub trait Store: Send + Sync {
    async fn size(&self, deep: bool) -> u64;
}
