//! A file system: paths, handles, attributes and listings.

use plugin_contracts::{PluginType, plugin_contract};

pub type Handle = u64;
pub type Mode = u16;

#[derive(Debug, Clone, PluginType)]
pub enum FileKind {
    Regular,
    Directory,
    Link,
}

#[derive(Debug, Clone, PluginType)]
pub struct Time {
    pub seconds: i64,
    pub nanos: u32,
}

#[derive(Debug, Clone, PluginType)]
pub struct Attributes {
    pub kind: FileKind,
    pub mode: Mode,
    pub size: u64,
    pub changed: Option<Time>,
}

#[derive(Debug, Clone, PluginType)]
pub struct Listed {
    pub name: Vec<u8>,
    pub attributes: Attributes,
}

#[derive(Debug, Clone, PluginType)]
#[repr(u32)]
pub enum FileError {
    NoEntry = 2,
    Denied = 13,
    Exists = 17,
    Other { number: i32 } = 255,
}

#[plugin_contract(id = "acme.files", version = "1.0.0")]
pub trait Files: Send + Sync {
    fn open(&self, path: &str, mode: Mode) -> Result<Handle, FileError>;
    fn read(&self, handle: Handle, offset: u64, length: u32) -> Result<Vec<u8>, FileError>;
    fn write(&self, handle: Handle, offset: u64, bytes: &[u8]) -> Result<u32, FileError>;
    fn close(&self, handle: Handle) -> Result<(), FileError>;
    fn attributes(&self, path: &str) -> Result<Attributes, FileError>;
    fn list(&self, path: &str) -> Result<Vec<Listed>, FileError>;
    fn rename(&self, from: &str, to: &str, replace: bool) -> Result<(), FileError>;
    fn sync(&self) {
        unimplemented!()
    }
    #[cfg(unix)]
    fn owner(&self, path: &str) -> Result<u32, FileError>;
}
