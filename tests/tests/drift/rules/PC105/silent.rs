//! A variant more in an enum that does not cross.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
pub enum Order {
    Key,
    Size,
}

pub enum Hint {
    Key,
    Size,
    Age,
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn sort(&mut self, by: Order);
}
