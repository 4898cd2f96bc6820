//! The contract as it was promised.

use plugin_contracts::plugin_contract;

pub type Id = u32;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn find(&self, id: Id) -> bool;
}
