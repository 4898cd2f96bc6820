use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0", unlocked)]
pub trait Store: Send + Sync {
    async fn fill(&self, out: &mut Vec<u8>);
}

fn main() {}
