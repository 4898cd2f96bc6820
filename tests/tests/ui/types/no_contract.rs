use std::fmt::Display;

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn print(&self, value: &dyn Display) -> u64;
}

fn main() {}
