//! What is async cannot cross at all yet: that is said before anything is compared.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "2.0.0")]
pub trait Store {
    async fn size(&self, deep: bool) -> u64;
}
