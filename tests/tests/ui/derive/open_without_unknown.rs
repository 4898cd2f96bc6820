use plugin_contracts::PluginType;

#[derive(PluginType)]
#[plugin(open)]
pub enum Event {
    Started,
}

#[derive(PluginType)]
#[plugin(open)]
pub enum Named {
    Started,
    Unknown { tag: u32 },
}

#[derive(PluginType)]
#[plugin(open)]
pub enum Wide {
    Started,
    Unknown(u64),
}

#[derive(PluginType)]
#[plugin(open)]
pub enum First {
    Unknown(u32),
    Started,
}

fn main() {}
