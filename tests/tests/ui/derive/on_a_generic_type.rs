use plugin_contracts::PluginType;

#[derive(PluginType)]
pub struct Page<'a, T> {
    items: Vec<T>,
    next: &'a str,
}

#[derive(PluginType)]
pub struct Key<const N: usize> {
    bytes: Vec<u8>,
}

// What it is made of would be made of itself.
#[derive(PluginType)]
pub struct Tree<T> {
    value: T,
    children: Vec<Tree<T>>,
}

#[derive(Clone, Copy, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Point<T> {
    x: T,
    y: T,
}

#[derive(PluginType)]
pub struct Hook<T> {
    subject: T,
    call: Box<dyn Fn(u32) -> u32>,
}

fn main() {}
