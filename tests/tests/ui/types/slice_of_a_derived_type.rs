// What a name stands for, rustc knows: it gives the same advice.
use plugin_contracts::{PluginType, plugin_contract};

#[derive(PluginType)]
pub struct Row {
    pub cells: Vec<String>,
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn put(&self, rows: &[Row]);
}

fn main() {}
