use plugin_contracts::{export_plugin, plugin_contract};

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn get(&self, key: u64) -> u64;
}

pub struct Memory;

impl Store for Memory {
    fn get(&self, key: u64) -> u64 {
        key
    }
}

impl Memory {
    fn new() -> Self {
        Self
    }
}

export_plugin!(dyn Store => Memory::new);

fn main() {}
