//! A cache as of memcached: keys, values, times to live, and compare-and-swap.

use plugin_contracts::{PluginType, plugin_contract};

pub type Seconds = u32;
pub type Token = u64;

#[derive(Debug, Clone, PluginType)]
pub struct Entry {
    pub value: Vec<u8>,
    pub token: Token,
    pub expires: Option<Seconds>,
}

#[derive(Debug, Clone, PluginType)]
#[repr(u8)]
pub enum Stored {
    Yes = 1,
    Exists = 2,
    NotFound = 4,
}

#[derive(Debug, Clone, PluginType)]
pub struct Usage(pub u64, pub u64, pub f32);

#[plugin_contract(id = "acme.cache", version = "2.3.1")]
pub trait Cache: Send + Sync {
    fn get(&self, key: &[u8]) -> Option<Entry>;
    fn set(&self, key: &[u8], value: Vec<u8>, ttl: Seconds) -> Stored;
    fn swap(&self, key: &[u8], value: Vec<u8>, token: Token) -> Result<Stored, String>;
    fn touch(&self, key: &[u8], ttl: Option<Seconds>) -> bool;
    fn delete(&self, key: &[u8]) -> bool;
    #[since("2.1.0")]
    fn usage(&self) -> Usage;
    #[since("2.3.0")]
    fn add(&self, key: &[u8], by: i64, start: i64) -> Option<i64> {
        unimplemented!()
    }
}
