//! The generator: reads a contract and prints what follows from it.
//!
//! One road, several doors: parse, check, finish the errors, emit. The macros (`plugin-macros`), build scripts
//! ([`Build`]) and the command line (`cargo plugin-gen`) call the same functions and get the same tokens.
//!
//! Without features this is what a proc macro compiles: syn, quote, proc-macro2, plugin-abi. `build` adds what build
//! scripts need, `cli` (the default) the command line.

#![forbid(unsafe_code)]

#[cfg(feature = "bpf")]
mod bpf;
#[cfg(feature = "build")]
mod build;
#[cfg(feature = "build")]
mod check;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
mod doctor;
mod expand;
pub mod lock;
#[cfg(feature = "cli")]
mod model;
#[cfg(feature = "build")]
mod output;
pub mod report;
mod rust;
pub mod syntax;
#[cfg(any(feature = "cli", feature = "bpf"))]
pub mod text;

// The public interface is:
#[cfg(feature = "bpf")]
pub use bpf::{BpfError, Clang, Compiled, Vmlinux};
#[cfg(feature = "build")]
pub use build::{Build, BuildError, Rust};
#[cfg(feature = "build")]
pub use check::{Checked, assert_locked, check_source};
pub use expand::{LockFile, contract, export, implementation, plugin_type};
