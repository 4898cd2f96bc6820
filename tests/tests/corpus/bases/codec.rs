//! An audio codec: frames in, packets out, one object a stream.

use plugin_contracts::{PluginType, plugin_contract};

pub type Sample = f32;

#[derive(Debug, Clone, PluginType)]
pub enum Layout {
    Mono,
    Stereo,
    Discrete(u8),
}

#[derive(Debug, Clone, PluginType)]
pub struct Settings {
    pub rate: u32,
    pub layout: Layout,
    pub quality: f64,
    pub tags: Vec<Tag>,
}

#[derive(Debug, Clone, PluginType)]
pub struct Tag {
    pub name: String,
    pub value: String,
}

#[derive(Debug, Clone, PluginType)]
pub enum CodecError {
    Unsupported(Layout),
    Corrupt { at: u64, why: String },
    Internal(i32, String),
}

#[plugin_contract(id = "acme.media.codec", version = "0.4.2")]
pub trait Codec: Send {
    fn open(&mut self, settings: Settings) -> Result<(), CodecError>;
    fn encode(&mut self, samples: &[Sample], last: bool) -> Result<Vec<u8>, CodecError>;
    fn decode(&mut self, packet: &[u8]) -> Result<Vec<Sample>, CodecError>;
    fn latency(&self) -> u32;
    fn name(&self) -> String;
    fn reset(&mut self);
    fn flush(&mut self) -> Vec<u8> {
        unimplemented!()
    }
}
