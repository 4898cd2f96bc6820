use plugin_contracts::plugin_contract;

#[plugin_contract(id = "Acme Store", version = "1.0.0")]
pub trait Store {
    fn get(&self, key: u64) -> u64;
}

#[plugin_contract(id = "", version = "1.0.0")]
pub trait Shop {
    fn get(&self, key: u64) -> u64;
}

fn main() {}
