//! Only the argument has another name.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn size(&self, deeply: bool) -> u64;
}
