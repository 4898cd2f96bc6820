use plugin_contracts::{plugin_contract, plugin_impl};

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store: Send + Sync {
    async fn get(&self, key: u64) -> u64;
}

pub struct Memory;

#[plugin_impl]
impl Memory {
    pub async fn get(&self, key: u64) -> u64 {
        key
    }
}

pub struct Disk;

#[plugin_impl]
impl Store for Disk {
    async fn get<T>(&self, key: u64) -> u64 {
        key
    }
}

fn main() {}
