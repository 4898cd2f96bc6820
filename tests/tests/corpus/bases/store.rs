//! The example: documents by key, with errors and rows of its own.

use plugin_contracts::{PluginType, plugin_contract};

pub type Id = u32;
pub type Found = Vec<Row>;

#[derive(PluginType)]
pub enum StoreError {
    NotFound,
    Io(String),
    Full { limit: u64 },
}

#[derive(PluginType)]
pub struct Row {
    pub id: Id,
    pub cells: Vec<String>,
}

#[plugin_contract(id = "acme.store", version = "1.1.0")]
pub trait Store: Send + Sync {
    fn get(&self, key: &str) -> Result<Vec<u8>, StoreError>;
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError>;
    fn find(&self, id: Id) -> Option<Row>;
    fn rows(&self) -> Found;
    fn size(&self, deep: bool) -> u64;
    fn clear(&self);
    #[since("1.1.0")]
    fn count(&self) -> u64 {
        unimplemented!()
    }
}
