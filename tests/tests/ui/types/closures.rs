use std::sync::Arc;

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn shared(&self, seen: Arc<dyn Fn(u64)>);
    fn several(&self, seen: Vec<Box<dyn Fn(u64)>>);
    fn borrowing(&self, seen: Box<dyn Fn(u64) + '_>);
    fn not_mutable(&self, seen: &dyn FnMut(u64));
    fn mutable(&self, seen: &mut dyn Fn(u64));
    fn once(&self, seen: &dyn FnOnce(u64));
    fn returns(&self, seen: &dyn Fn(u64) -> &str);
    fn takes(&self, seen: &dyn Fn(fn(u64) -> u64));
    fn nested(&self, seen: Option<&dyn Fn(u64)>);
}

fn main() {}
