//! The contract that drifts: compiled into the tests for its fingerprints, and as text into packages of its own.

use plugin_contracts::{PluginType, plugin_contract};

pub type Id = u32;
pub type Found = Vec<Row>;

#[derive(PluginType)]
pub enum StoreError {
    NotFound,
    Io(String),
}

#[derive(PluginType)]
pub struct Row {
    pub cells: Vec<String>,
}

#[plugin_contract(id = "acme.store", version = "1.1.0")]
pub trait Store: Send + Sync {
    fn get(&self, key: &str) -> Result<Vec<u8>, StoreError>;
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError>;
    fn find(&self, id: Id) -> bool;
    fn rows(&self) -> Found;
    fn size(&self, deep: bool) -> u64;
    fn clear(&self);
    fn repair(&self) -> Result<u64, String>;
    #[cfg(unix)]
    fn sync(&self, wait: bool);
    #[cfg(not(unix))]
    fn sync(&self, wait: u64);
    fn r#move(&self, r#type: u8) -> bool;
    #[cfg(unix)]
    fn spare(&self) -> u64 {
        1
    }
    #[since("1.1.0")]
    fn count(&self) -> u64 {
        0
    }
}
