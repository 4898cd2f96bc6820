//! The contract as a trait of ours: what a trait looks like anyway, and an attribute.

use plugin_contracts::{Buf, Sink, plugin_contract};

/// An object that is handed out.
#[plugin_contract(id = "peers.counter", version = "1.0.0", unlocked)]
pub trait Counter: Send + Sync {
    /// The next number.
    fn next(&mut self) -> u64;
}

/// What is measured.
#[plugin_contract(id = "peers.bench", version = "1.0.0", unlocked)]
pub trait Bench: Send + Sync {
    /// The sum.
    fn add(&self, a: u64, b: u64) -> u64;
    /// The sum, and no panic.
    #[plugin(nounwind)]
    fn sum(&self, a: u64, b: u64) -> u64;
    /// A copy of the value, that stays where the plugin made it.
    fn get(&self, key: &str) -> Buf;
    /// A copy of the value, that the host gets as a vector of its own.
    fn own(&self, key: &str) -> Vec<u8>;
    /// Writes the value into memory of the host's.
    fn read(&self, key: &str, to: Sink<'_>);
    /// Keeps the value.
    fn put(&mut self, key: &str, value: &[u8]);
    /// Calls back for each number below `times`, and adds up.
    fn each(&self, times: u64, visit: &dyn Fn(u64) -> u64) -> u64;
    /// A counter that begins behind `from`.
    fn open(&self, from: u64) -> Box<dyn Counter>;
    /// The value, at once.
    async fn ready(&self, value: u64) -> u64;
}
