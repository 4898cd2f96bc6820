use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.base", version = "1.0.0", unlocked)]
pub trait Base {
    fn name(&self) -> String;
}

#[plugin_contract(id = "acme.store", version = "1.0.0", unlocked)]
pub trait Store: Base {
    async fn get(&self, key: u64) -> u64;
}

fn main() {}
