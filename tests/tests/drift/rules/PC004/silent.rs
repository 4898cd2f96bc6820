//! As many arguments under other names.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn put(&mut self, to: &str, bytes: &[u8]);
}
