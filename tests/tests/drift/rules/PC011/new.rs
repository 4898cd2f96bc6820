//! From now on a plugin may lack `size`.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.1.0")]
pub trait Store {
    fn size(&self) -> u64 {
        0
    }
}
