//! `value` is another type.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "2.0.0")]
pub trait Store {
    fn put(&mut self, key: &str, value: &[u16]);
}
