use plugin_contracts::PluginType;

#[derive(Clone, Copy, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Flagged {
    pub value: u64,
    pub flags: [bool; 8],
}

fn main() {}
