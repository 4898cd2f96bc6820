use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store: Send {
    async fn get(&self, key: u64) -> u64;
    async fn put(&mut self, key: u64);
    #[plugin(local)]
    async fn here(&self);
    #[plugin(local)]
    fn blocks(&self);
    #[plugin(faster)]
    fn unknown(&self);
}

fn main() {}
