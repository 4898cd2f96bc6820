//! An alias may not hide that something is borrowed: the lifetime behind it could say that it outlives the call.

use plugin_contracts::{PluginType, plugin_contract};

type Name = &'static str;

#[derive(PluginType)]
pub struct Labelled {
    label: Name,
}

#[plugin_contract(id = "test.names", version = "1.0.0", unlocked)]
pub trait Names {
    fn remember(&mut self, name: Name);
    fn own(&self) -> Option<Name>;
}

fn main() {}
