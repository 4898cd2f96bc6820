//! The same bytes under another name.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
pub struct Row {
    pub key: String,
    pub bytes: u64,
}

#[plugin_contract(id = "acme.store", version = "1.1.0")]
pub trait Store {
    fn rows(&self) -> Vec<Row>;
}
