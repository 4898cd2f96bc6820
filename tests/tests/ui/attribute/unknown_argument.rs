use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0", mocked, id = "acme.shop", name = "Store")]
pub trait Store {
    fn get(&self, key: u64) -> u64;
}

fn main() {}
