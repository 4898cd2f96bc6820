//! The same result by an alias.

use plugin_contracts::plugin_contract;

pub type Bytes = u64;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn size(&self, deep: bool) -> Bytes;
}
