use plugin_contracts::PluginType;

#[derive(PluginType)]
pub struct Page<'a, T> {
    items: Vec<T>,
    next: &'a str,
}

fn main() {}
