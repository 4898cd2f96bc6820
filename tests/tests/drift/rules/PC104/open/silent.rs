//! Words above a variant are no variant.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
#[plugin(open)]
pub enum State {
    /// Nothing is in it.
    Empty,
    Ready,
    Unknown(u32),
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn state(&self) -> State;
}
