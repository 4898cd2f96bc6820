use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store: Send + std::fmt::Debug + Iterator<Item = u64> + 'static {
    fn get(&self, key: u64) -> u64;
}

#[plugin_contract(id = "acme.base", version = "1.0.0", unlocked)]
pub trait Base {
    fn name(&self) -> String;
}

#[plugin_contract(id = "acme.twice", version = "1.0.0")]
pub trait Twice: Base + Send + Base {
    fn get(&self, key: u64) -> u64;
}

#[plugin_contract(id = "acme.generic", version = "1.0.0")]
pub trait Generic: Base<u8> + ?Sized + for<'a> Base {
    fn get(&self, key: u64) -> u64;
}

fn main() {}
