// `0` and `1 << 32` would be one tag, and a `Far` would arrive as a `Near`.
use plugin_contracts::PluginType;

#[derive(PluginType)]
#[repr(u64)]
pub enum Distance {
    Near = 0,
    Far = 1 << 32,
}

#[derive(PluginType)]
pub enum Sign {
    Minus = -1,
    Plus = 1,
}

fn main() {}
