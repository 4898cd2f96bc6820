use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    type Key;
    const LIMIT: u64;
    fn get(&self, key: u64) -> u64;
}

fn main() {}
