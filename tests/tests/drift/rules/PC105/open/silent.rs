//! Words above a variant are no variant.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
#[plugin(open)]
pub enum Order {
    /// From A to Z.
    Key,
    Size,
    Unknown(u32),
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn sort(&mut self, by: Order);
}
