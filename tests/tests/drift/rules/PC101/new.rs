//! One field more at the end, with a default.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
#[plugin(sized)]
pub struct Row {
    pub key: String,
    #[plugin(default)]
    pub size: u64,
}

#[plugin_contract(id = "acme.store", version = "1.1.0")]
pub trait Store {
    fn rows(&self) -> Vec<Row>;
}
