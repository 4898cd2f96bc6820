use plugin_contracts::plugin_contract;

#[plugin_contract]
pub trait Store {
    fn get(&self, key: u64) -> u64;
}

fn main() {}
