//! Hosts built before get `Unknown(2)`.

use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
#[plugin(open)]
pub enum State {
    Empty,
    Ready,
    Full,
    Unknown(u32),
}

#[plugin_contract(id = "acme.store", version = "1.1.0")]
pub trait Store {
    fn state(&self) -> State;
}
