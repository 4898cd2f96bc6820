//! The same field by an alias.

use plugin_contracts::{PluginType, plugin_contract};

pub type Key = String;

#[derive(PluginType)]
#[plugin(sized)]
pub struct Row {
    pub key: Key,
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn rows(&self) -> Vec<Row>;
}
