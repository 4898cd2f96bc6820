//! The same body in a trait that does not cross.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn get(&self, key: &str) -> Option<Vec<u8>>;
}

pub trait StoreExt: Store {
    fn size(&self) -> u64 {
        0
    }
}
