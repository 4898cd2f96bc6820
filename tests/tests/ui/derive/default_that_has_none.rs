use plugin_contracts::PluginType;

#[derive(PluginType)]
pub struct Owner(String);

#[derive(PluginType)]
#[plugin(sized)]
pub struct Limits {
    most: u32,
    #[plugin(default)]
    owner: Owner,
}

fn main() {}
