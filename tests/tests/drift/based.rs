//! A contract and the one that it is built on.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.base", version = "1.0.0")]
pub trait Base: Send + Sync {
    fn name(&self) -> String;
    fn rename(&mut self, name: &str) -> bool {
        name.is_empty()
    }
}

#[plugin_contract(id = "acme.shelf", version = "1.0.0")]
pub trait Shelf: Base {
    fn get(&self, key: &str) -> u64;
}
