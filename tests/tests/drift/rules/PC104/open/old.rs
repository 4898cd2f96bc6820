//! The contract as it was promised.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
#[plugin(open)]
pub enum State {
    Empty,
    Ready,
    Unknown(u32),
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn state(&self) -> State;
}
