//! A contract whose types are instances of generic ones.

use plugin_contracts::{PluginType, plugin_contract};

pub type Id = u32;

#[derive(PluginType)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<u64>,
}

#[derive(PluginType)]
pub struct Row {
    pub cells: Vec<String>,
}

#[plugin_contract(id = "acme.library", version = "1.0.0")]
pub trait Library {
    fn rows(&self) -> Page<Row>;
    fn ids(&self, page: Page<Id>) -> bool;
}
