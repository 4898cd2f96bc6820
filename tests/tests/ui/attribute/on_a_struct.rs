use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub struct Store {
    pub keys: u64,
}

fn main() {}
