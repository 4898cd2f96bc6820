//! The alias gave way to what it stood for.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn find(&self, id: u32) -> bool;
}
