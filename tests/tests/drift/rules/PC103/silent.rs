//! The same name, written as rustc writes words of its own.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
pub struct Row {
    pub key: String,
    pub r#size: u64,
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn rows(&self) -> Vec<Row>;
}
