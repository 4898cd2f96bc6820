use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn put<T: Into<String>>(&self, value: T);
    fn get<'a>(&self, key: &'a str) -> u64;
    fn list(&self) -> u64
    where
        Self: Sized;
}

fn main() {}
