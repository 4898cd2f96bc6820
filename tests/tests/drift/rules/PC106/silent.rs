//! The same numbers, written otherwise and in another order.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
pub enum State {
    Full = 2,
    Empty = 0b0,
    Ready = 0x1,
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn state(&self) -> State;
}
