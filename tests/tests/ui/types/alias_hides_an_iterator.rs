use plugin_contracts::plugin_contract;

pub type Keys = Box<dyn Iterator<Item = u64>>;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn keys(&self) -> Keys;
}

fn main() {}
