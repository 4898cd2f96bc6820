//! `value` has another name and goes by an alias: the type is the same.

use plugin_contracts::plugin_contract;

pub type Byte = u8;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn put(&mut self, key: &str, bytes: &[Byte]);
}
