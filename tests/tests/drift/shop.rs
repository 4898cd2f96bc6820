//! A second contract: with an alias in many places, and with types that travel one way each.

use plugin_contracts::plugin_contract;

pub type Id = u32;

#[plugin_contract(id = "acme.shop", version = "1.0.0")]
pub trait Shop {
    fn buy(&self, id: Id) -> bool;
    fn sell(&self, id: Id) -> bool;
    fn last(&self) -> Option<Id>;
}
