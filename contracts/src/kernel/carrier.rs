//! What stands between a contract's generated skeleton and whoever loads kernel programs.

use std::any::Any;
use std::path::Path;
use std::sync::Arc;

use plugin_abi::{Contract, PluginFault};

use super::{EventBytes, KernelError, Link, TableBytes};

/// A loaded object, by the names of the contract's methods. Implemented by loaders, called by generated code.
///
/// A loader hands out only what it compared with the contract: names are there, and sizes are right.
pub trait Carrier: Any + Send + Sync {
    /// Whether there is a program of this name; a method with a default body may lack one.
    fn has(&self, method: &'static str) -> bool;

    /// Calls a method: arguments and result lie in one struct.
    ///
    /// # Errors
    /// The program was not run.
    fn call(&self, method: &'static str, call: &mut [u8]) -> Result<(), Box<PluginFault>>;

    /// Runs a hook on a packet.
    ///
    /// # Errors
    /// The program was not run: not every kind of hook can be, without an event of its own.
    fn run(&self, method: &'static str, packet: &[u8]) -> Result<u32, Box<PluginFault>>;

    /// The bytes of a method's constants.
    fn config(&self, method: &'static str) -> Vec<u8>;

    /// The table of a method.
    fn table(&self, method: &'static str) -> Arc<dyn TableBytes>;

    /// The events of a method.
    fn events(&self, method: &'static str) -> Arc<dyn EventBytes>;

    /// Attaches the program of a method.
    ///
    /// # Errors
    /// What the kernel refused, and why.
    fn attach(&self, method: &'static str, target: &str) -> Result<Link, KernelError>;

    /// Takes up a link again that is pinned there, if the program under it is this method of this contract.
    ///
    /// # Errors
    /// What is there instead, or what the kernel refused.
    fn reopen(&self, method: &'static str, path: &Path) -> Result<Link, KernelError>;
}

/// How the contract `C` is implemented by calls of a [`Carrier`]. The macro prints one for each contract that a kernel program
/// may carry.
pub struct Skeleton<C: ?Sized>(pub fn(Arc<dyn Carrier>) -> Box<C>);

/// A contract with hooks.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no hooks",
    label = "no method of it is attached",
    note = "mark a method with `#[hook(xdp)]` or another place in the kernel"
)]
pub trait HasHooks: Contract {
    /// A function for each hook: `filter.hooks().ingress()`.
    type Hooks;

    /// The hooks of what is carried like this.
    fn hooks(carrier: Option<Arc<dyn Carrier>>) -> Self::Hooks;
}
