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

mod error;
pub mod handshake;
#[cfg(all(feature = "native", target_os = "linux"))]
mod native;
mod plugin;

// The public interface is:
pub use error::LoadError;
pub use plugin::{Options, Plugin};
pub use plugin_abi::{Contract, ExportOf, FaultKind, OnPanic, PluginContext, PluginFault};
