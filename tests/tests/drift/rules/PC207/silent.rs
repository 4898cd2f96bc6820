//! The same, said to be promised to nobody.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn get(&self, key: &str) -> Option<Vec<u8>>;
}

#[plugin_contract(id = "acme.clock", version = "1.0.0", unlocked)]
pub trait Clock {
    fn now(&self) -> u64;
}
