//! The words of the method are the same; `Id` is another type. Only rustc sees it.

use plugin_contracts::plugin_contract;

pub type Id = u64;

#[plugin_contract(id = "acme.store", version = "2.0.0")]
pub trait Store {
    fn find(&self, id: Id) -> bool;
}
