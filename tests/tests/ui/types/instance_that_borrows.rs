// What a generic type is instantiated with borrows nothing, whatever its name is.
use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
pub struct Page<T> {
    items: Vec<T>,
}

pub type Borrowed = Page<&'static str>;

#[plugin_contract(id = "acme.borrowed", version = "1.0.0", unlocked)]
pub trait Borrows {
    fn put(&self, page: Borrowed);
}

fn main() {}
