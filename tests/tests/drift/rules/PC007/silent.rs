//! An attribute is nobody's business but rustc's.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store: Send + Sync {
    #[must_use]
    fn size(&self, deep: bool) -> u64;
}
