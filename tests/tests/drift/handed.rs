//! A contract that hands over objects and closures, and waits.

use std::sync::Arc;

use plugin_contracts::plugin_contract;

/// What is opened.
#[plugin_contract(id = "acme.session", version = "1.0.0")]
pub trait Session: Send + Sync {
    /// The next line.
    fn next(&mut self) -> Option<String>;
}

/// Opens and is told.
#[plugin_contract(id = "acme.desk", version = "1.0.0")]
pub trait Desk: Send + Sync {
    /// An object of its own.
    fn open(&self, name: &str) -> Box<dyn Session>;
    /// One that is shared.
    fn lend(&self, session: &dyn Session, log: Arc<dyn Session>);
    /// A closure that is lent.
    fn each(&self, seen: &mut dyn FnMut(&str, u64) -> bool);
    /// One that is kept.
    fn told(&mut self, event: Option<Box<dyn Fn(u64) + Send + Sync>>);
    /// Items.
    fn keys(&self) -> Box<dyn Iterator<Item = u64> + '_>;
    /// Text of the object's.
    fn name(&self) -> &str;
    /// Later.
    async fn fetch(&self, key: u64) -> Result<String, String>;
}
