//! The contract as it was promised.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
pub struct Row {
    pub key: String,
    pub size: u64,
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn rows(&self) -> Vec<Row>;
}
