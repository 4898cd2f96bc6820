//! The same variants, with the numbers that they had.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
pub enum State {
    Empty = 0,
    Ready = 1,
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn state(&self) -> State;
}
