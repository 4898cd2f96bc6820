use plugin_contracts::PluginType;

#[derive(PluginType)]
#[plugin(name = "old::Row")]
pub struct Row {
    cell: u64,
}

#[derive(PluginType)]
#[plugin(name = "Vec")]
pub struct Rows {
    cell: u64,
}

fn main() {}
