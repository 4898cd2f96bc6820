use plugin_contracts::PluginType;

#[derive(PluginType)]
#[plugin(name = "row")]
pub struct Row {
    cell: u64,
}

fn main() {}
