// Lending shows the other side our bytes, and those of a `String` are rustc's secret.
use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn remove(&self, keys: &[String]);
    fn set(&self, bits: &[bool]);
    fn put(&self, rows: &[Vec<u8>]);
}

fn main() {}
