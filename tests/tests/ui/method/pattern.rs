use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn underscored(&self, __fits: bool);
    fn get(&self, _: u64) -> u64 {
        0
    }
    fn put(&self, mut value: Vec<u8>) {
        value.clear();
    }
    fn set(&self, #[allow(unused)] value: u64);
}

fn main() {}
