use plugin_contracts::{PluginContext, export_plugin};

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
    fn new(_: &PluginContext) -> Result<Self, String> {
        Ok(Self)
    }
}

export_plugin!(dyn Store => Memory::new);

fn main() {}
