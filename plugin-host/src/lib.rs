//! What hosts use: loads plugins, checks them before any of their code runs, and calls them through the trait.
//!
//! ```no_run
//! use plugin_contracts::plugin_contract;
//! use plugin_host::Plugin;
//!
//! #[plugin_contract(id = "example.greeter", version = "1.0.0")]
//! pub trait Greeter: Send + Sync {
//!     fn greet(&self, name: &str) -> String;
//! }
//!
//! # fn main() -> Result<(), plugin_host::LoadError> {
//! // SAFETY: the file is code and will run with our rights; we built it ourselves.
//! let greeter = unsafe { Plugin::<dyn Greeter>::load("target/plugins/libpolite.so")? };
//! println!("{}", greeter.greet("Ada"));
//! # Ok(())
//! # }
//! ```
//!
//! A file is refused with a [`LoadError`] that says what was expected, what was found and what to do; nothing of a
//! refused file has run, not even an ELF constructor.

#[cfg(all(feature = "ebpf", target_os = "linux"))]
mod ebpf;
mod error;
pub mod handshake;
#[cfg(all(feature = "mock", target_os = "linux"))]
mod mock;
#[cfg(all(feature = "native", target_os = "linux"))]
mod native;
mod plugin;

/// A test for each way to carry an implementation: linked in, loaded, mocked. All run one suite, a function of `&mut dyn Trait`,
/// and so are shown to be the same thing.
///
/// ```
/// use plugin_contracts::plugin_contract;
/// use plugin_host::Plugin;
///
/// #[plugin_contract(id = "example.adder", version = "1.0.0")]
/// pub trait Adder {
///     fn add(&self, a: u64, b: u64) -> u64;
/// }
///
/// fn suite(adder: &mut dyn Adder) {
///     assert_eq!(adder.add(1, 2), 3);
/// }
///
/// struct Plain;
///
/// impl Adder for Plain {
///     fn add(&self, a: u64, b: u64) -> u64 {
///         a + b
///     }
/// }
///
/// mod conforms {
///     use super::*;
///
///     plugin_host::conformance! {
///         dyn Adder => suite;
///         linked: Plugin::linked(Plain);
///     }
/// }
/// # fn main() {}
/// ```
///
/// A plugin that cannot be destroyed fails its test too.
#[macro_export]
macro_rules! conformance {
    ($contract:ty => $suite:path; $($(#[$attribute:meta])* $name:ident: $plugin:expr;)+) => {$(
        $(#[$attribute])*
        #[test]
        fn $name() {
            let mut plugin: $crate::Plugin<$contract> = $plugin;
            $suite(&mut *plugin);
            plugin.close().expect("the plugin is destroyed without a fault");
        }
    )+};
}

// The public interface is:
#[cfg(all(feature = "ebpf", target_os = "linux"))]
pub use ebpf::KernelRefusal;
pub use error::LoadError;
#[cfg(all(feature = "mock", target_os = "linux"))]
pub use mock::MockPlugin;
pub use plugin::{Options, Plugin};
pub use plugin_abi::{Contract, ExportOf, FaultKind, OnPanic, PluginContext, PluginFault};
