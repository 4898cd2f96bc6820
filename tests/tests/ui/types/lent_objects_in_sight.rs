use std::sync::Arc;

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.session", version = "1.0.0", unlocked)]
pub trait Session: Send + Sync {
    fn close(&self);
}

#[plugin_contract(id = "acme.store", version = "1.0.0", unlocked)]
pub trait Store {
    fn all(&self, open: &[Arc<dyn Session>]);
    fn calls(&self, calls: &[Box<dyn Fn(u64)>]);
    fn streams(&self, streams: &[Box<dyn Iterator<Item = u64>>]);
}

fn main() {}
