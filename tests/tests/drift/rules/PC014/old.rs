//! The contract as it was promised.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store: Named + Counted {
    fn size(&self, deep: bool) -> u64;
}

#[plugin_contract(id = "acme.named", version = "1.0.0", unlocked)]
pub trait Named: Send + Sync {
    fn name(&self) -> String;
}

#[plugin_contract(id = "acme.counted", version = "1.0.0", unlocked)]
pub trait Counted: Send + Sync {
    fn count(&self) -> u64;
}
