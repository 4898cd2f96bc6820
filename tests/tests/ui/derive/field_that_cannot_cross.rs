use plugin_contracts::PluginType;

#[derive(PluginType)]
pub struct Row {
    name: &'static str,
    key: [u8; 32],
    pair: (u64, u64),
}

#[derive(PluginType)]
pub enum Never {}

fn main() {}
