//! The contract as it was promised.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
#[plugin(sized)]
pub struct Row {
    pub key: String,
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn rows(&self) -> Vec<Row>;
}
