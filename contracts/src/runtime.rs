//! What a host lends to plugins that wait: a contract of its own, for contracts to hand over.
//!
//! A plugin that is loaded shares no runtime with its host, and brings none: it asks the host to run a task, to wake it
//! later, or to do what blocks elsewhere. A host hands it over like any object: as an argument of some `start` method.
//!
//! ```
//! use std::sync::Arc;
//!
//! use plugin_contracts::plugin_contract;
//! use plugin_contracts::runtime::Runtime;
//!
//! #[plugin_contract(id = "example.agent", version = "1.0.0", unlocked)]
//! pub trait Agent: Send + Sync {
//!     /// Begins to work on the host's threads.
//!     fn start(&mut self, runtime: Arc<dyn Runtime>);
//! }
//! # fn main() {}
//! ```

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::plugin_contract;

/// Runs tasks, wakes later, and does what blocks. Implemented by hosts, over whatever executor they have.
#[plugin_contract(id = "plugin.runtime", version = "1.0.0", crate = crate)]
pub trait Runtime: Send + Sync {
    /// Runs a task to its end, on any thread. What it panics with stays with the host.
    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()> + Send>>);

    /// Returns when this much time has passed.
    async fn sleep(&self, time: Duration);

    /// Does work that blocks, on a thread where that hurts nobody.
    fn spawn_blocking(&self, work: Box<dyn FnOnce() + Send>);
}
