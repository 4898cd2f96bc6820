use plugin_contracts::PluginType;

#[derive(Clone, Copy, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Padded {
    pub kind: u8,
    pub value: u32,
}

#[derive(Clone, Copy, PluginType)]
#[plugin(plain)]
pub struct Rusts {
    pub value: u32,
}

#[derive(Clone, Copy, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Nothing;

fn main() {}
