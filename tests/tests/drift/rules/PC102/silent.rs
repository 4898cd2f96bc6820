//! The same type by an alias.

use plugin_contracts::{PluginType, plugin_contract};

pub type Bytes = u64;

#[derive(PluginType)]
pub struct Row {
    pub key: String,
    pub size: Bytes,
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn rows(&self) -> Vec<Row>;
}
