//! The contract as it was promised.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
pub enum State {
    Empty,
    Ready,
    Full,
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn state(&self) -> State;
}
