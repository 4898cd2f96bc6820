//! The same bounds in another order, and one that is always there.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store: Sync + Send + 'static {
    fn size(&self, deep: bool) -> u64;
}
