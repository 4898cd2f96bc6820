//! Hosts built before do not know what `Full` is.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
pub enum State {
    Empty,
    Ready,
    Full,
}

#[plugin_contract(id = "acme.store", version = "2.0.0")]
pub trait Store {
    fn state(&self) -> State;
}
