//! `Ready` is gone, and what follows has another number.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
pub enum State {
    Empty,
    Full,
}

#[plugin_contract(id = "acme.store", version = "2.0.0")]
pub trait Store {
    fn state(&self) -> State;
}
