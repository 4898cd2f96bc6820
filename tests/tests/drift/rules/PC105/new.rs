//! Plugins built before do not know what `Age` is.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
pub enum Order {
    Key,
    Size,
    Age,
}

#[plugin_contract(id = "acme.store", version = "2.0.0")]
pub trait Store {
    fn sort(&mut self, by: Order);
}
