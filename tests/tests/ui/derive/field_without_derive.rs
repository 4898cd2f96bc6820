use plugin_contracts::PluginType;

pub struct Cell(u64);

#[derive(PluginType)]
pub struct Row {
    cell: Cell,
}

fn main() {}
