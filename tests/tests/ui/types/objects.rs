use std::rc::Rc;
use std::sync::Arc;

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.session", version = "1.0.0")]
pub trait Session {
    fn close(&mut self);
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn bare(&self, session: dyn Session) -> u64;
    fn bounded(&self, session: Box<dyn Session + Send>) -> u64;
    fn counted(&self, session: Rc<dyn Session>) -> u64;
    fn generic(&self, session: Box<dyn Into<u64>>) -> u64;
    fn nested(&self, sessions: Option<&dyn Session>) -> u64;
    fn short<'a>(&self, session: Box<dyn Session + 'a>) -> Arc<dyn Session>;
}

fn main() {}
