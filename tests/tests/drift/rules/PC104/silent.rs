//! The same variants in another order, with the numbers that they had.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
pub enum State {
    Ready = 1,
    Empty = 0,
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn state(&self) -> State;
}
