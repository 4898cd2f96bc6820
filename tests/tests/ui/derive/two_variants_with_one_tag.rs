use plugin_contracts::PluginType;

#[derive(PluginType)]
#[repr(u8)]
pub enum Level {
    Low = 1,
    Mid = 0,
    High,
}

fn main() {}
