//! Compression of buffers and streams.

use plugin_contracts::{PluginType, plugin_contract};

pub type Bytes = Vec<u8>;
pub type Packed = Result<Bytes, PackError>;

#[derive(Debug, Clone, PluginType)]
pub enum PackError {
    TooLarge(u64),
    Checksum { expected: u32, found: u32 },
    Truncated,
}

#[derive(Debug, Clone, PluginType)]
#[repr(i32)]
pub enum Level {
    Fast = 1,
    Good = 6,
    Best = 9,
}

#[derive(Debug, Clone, PluginType)]
pub struct Ratio {
    pub before: u64,
    pub after: u64,
}

#[plugin_contract(id = "acme.pack", version = "2.0.0")]
pub trait Compression: Send {
    fn pack(&self, bytes: &[u8], level: Level) -> Packed;
    fn unpack(&self, bytes: &[u8], largest: u64) -> Packed;
    fn begin(&mut self, level: Level, dictionary: Option<Bytes>) -> Result<(), PackError>;
    fn feed(&mut self, bytes: &[u8]) -> Packed;
    fn finish(&mut self) -> Packed;
    fn ratio(&self) -> Option<Ratio>;
    fn checksum(&self, bytes: &[u8], seed: u32) -> u32;
    fn bound(&self, length: u64) -> u64 {
        unimplemented!()
    }
}
