use plugin_contracts::PluginType;

#[derive(PluginType)]
#[plugin(rename = "row")]
pub struct Row {
    cell: u64,
}

#[derive(PluginType)]
#[plugin(open)]
pub struct Column {
    #[plugin(optional)]
    cell: u64,
}

#[derive(PluginType)]
#[plugin(sized)]
#[plugin(name = "Other", name = "Another")]
pub enum Cell {
    Full,
}

fn main() {}
