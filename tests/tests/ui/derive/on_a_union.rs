use plugin_contracts::PluginType;

#[derive(PluginType)]
pub union Bits {
    number: u64,
    float: f64,
}

fn main() {}
