use plugin_contracts::{PluginContext, export_plugin, plugin_contract};

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn get(&self, key: u64) -> u64;
}

pub struct Memory;

impl Memory {
    fn new(_: &PluginContext) -> Result<Self, String> {
        Ok(Self)
    }
}

export_plugin!(dyn Store => Memory::new);

fn main() {}
