use plugin_contracts::PluginType;

#[derive(PluginType)]
pub struct Row {
    name: &'static str,
    key: [u8; 0],
    pair: (u64, fn()),
}

#[derive(PluginType)]
pub enum Never {}

fn main() {}
