//! One of the two is no supertrait any more, and its method the contract's own.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.1.0")]
pub trait Store: Named + Sync {
    fn count(&self) -> u64;
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
