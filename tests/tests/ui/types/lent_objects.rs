// What holds an object cannot be lent: whoever is lent an `Arc` could keep it.
use std::sync::Arc;

use plugin_contracts::{PluginType, plugin_contract};

#[plugin_contract(id = "acme.session", version = "1.0.0", unlocked)]
pub trait Session: Send + Sync {
    fn close(&self);
}

#[derive(PluginType)]
pub struct Open {
    pub sessions: Vec<Arc<dyn Session>>,
}

#[plugin_contract(id = "acme.store", version = "1.0.0", unlocked)]
pub trait Store {
    fn one(&self, open: &Open);
    fn all(&self, open: &[Open]);
    fn changed(&self, open: &mut Open);
    fn seen(&self, seen: &dyn Fn(&Open));
}

fn main() {}
