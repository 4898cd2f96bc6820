use plugin_contracts::PluginType;

#[derive(PluginType)]
#[plugin(sized)]
pub struct Limits {
    owner: String,
    #[plugin(default)]
    most: u32,
    least: u32,
    notes: Vec<String>,
}

#[derive(PluginType)]
pub struct Fixed {
    #[plugin(default)]
    most: u32,
}

#[derive(PluginType)]
pub enum Choice {
    One {
        #[plugin(default)]
        most: u32,
    },
}

fn main() {}
