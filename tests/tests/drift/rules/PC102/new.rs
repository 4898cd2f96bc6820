//! `size` is another type.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
pub struct Row {
    pub key: String,
    pub size: u32,
}

#[plugin_contract(id = "acme.store", version = "2.0.0")]
pub trait Store {
    fn rows(&self) -> Vec<Row>;
}
