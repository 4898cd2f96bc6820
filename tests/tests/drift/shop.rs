//! A second contract: with an alias in many places, and with types that may grow.

use plugin_contracts::{PluginType, plugin_contract};

pub type Id = u32;

#[derive(PluginType)]
#[plugin(sized)]
pub struct Limits {
    pub most: u32,
}

#[derive(PluginType)]
#[plugin(open)]
pub enum Event {
    Opened,
    Closed { by: String },
    Unknown(u32),
}

#[plugin_contract(id = "acme.shop", version = "1.0.0")]
pub trait Shop {
    fn buy(&self, id: Id) -> bool;
    fn sell(&self, id: Id) -> bool;
    fn last(&self) -> Option<Id>;
    fn next(&self, limits: Limits) -> Vec<Event>;
}
