//! What a name stands for, only rustc knows.

use plugin_contracts::kernel::Events;
use plugin_contracts::{PluginType, plugin_contract};

#[derive(Clone, Copy, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Sample {
    pub value: f64,
}

pub type Share = f32;

#[plugin_contract(id = "acme.filter", version = "1.0.0", unlocked)]
pub trait Filter: Send + Sync {
    #[event]
    fn samples(&self) -> Events<Sample>;
    fn share(&self, share: Share);
}

fn main() {}
