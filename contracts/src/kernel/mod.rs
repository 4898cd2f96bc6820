//! Contracts that a kernel program can carry: what their methods return beside plain data.
//!
//! A method under `#[hook(xdp)]` is a program that is attached; under `#[event]`, `#[config]`, `#[table]` or `#[state]` it is
//! data that program and user share. Everything else is called. Such a contract is implemented by a value, by a native plugin,
//! or by an eBPF object, and its user does not care which:
//!
//! ```
//! use plugin_contracts::kernel::{Events, EventSink, Table};
//! use plugin_contracts::{PluginType, plugin_contract};
//!
//! /// A packet that was dropped.
//! #[derive(Debug, Clone, Copy, PartialEq, PluginType)]
//! #[plugin(plain)]
//! #[repr(C)]
//! pub struct Drop {
//!     pub len: u32,
//!     pub reason: u32,
//! }
//!
//! /// Lets packets pass, or not.
//! #[plugin_contract(id = "example.filter", version = "1.0.0", unlocked)]
//! pub trait Filter: Send + Sync {
//!     /// Looks at a packet: 1 drops it, 2 lets it pass.
//!     #[hook(xdp)]
//!     fn ingress(&self, packet: &[u8]) -> u32;
//!     /// What was dropped.
//!     #[event]
//!     fn drops(&self) -> Events<Drop>;
//!     /// Lengths that are dropped, each with a reason.
//!     #[table(capacity = 64)]
//!     fn lengths(&self) -> Table<u32, u32>;
//! }
//!
//! struct Here {
//!     sink: EventSink<Drop>,
//!     drops: Events<Drop>,
//!     lengths: Table<u32, u32>,
//! }
//!
//! impl Filter for Here {
//!     fn ingress(&self, packet: &[u8]) -> u32 {
//!         let len = packet.len() as u32;
//!         let Ok(Some(reason)) = self.lengths.get(&len) else { return 2 };
//!         self.sink.send(&Drop { len, reason });
//!         1
//!     }
//!     fn drops(&self) -> Events<Drop> {
//!         self.drops.clone()
//!     }
//!     fn lengths(&self) -> Table<u32, u32> {
//!         self.lengths.clone()
//!     }
//! }
//!
//! # fn main() -> Result<(), plugin_contracts::kernel::KernelError> {
//! let (sink, drops) = Events::channel(16);
//! let filter = Here { sink, drops, lengths: Table::new(64) };
//! filter.lengths().insert(&60, &7)?;
//! assert_eq!(filter.ingress(&[0; 60]), 1);
//! assert_eq!(filter.drops().poll()?, Some(Drop { len: 60, reason: 7 }));
//! # Ok(())
//! # }
//! ```
//!
//! Only plain data of integers can stand there, because nothing else is the same in the kernel; what cannot is refused on the
//! contract. `cargo plugin-gen generate bpf` prints the header that the kernel's side includes. Nothing here knows eBPF: the
//! loader is a feature of plugin-host.

mod carrier;
mod events;
mod hook;
mod per_cpu;
#[cfg(feature = "futures")]
mod stream;
mod table;

use std::fmt;

use plugin_abi::PluginFault;

use crate::PluginType;

// The public interface is:
pub use carrier::{Carrier, HasHooks, Skeleton};
pub use events::{EventBytes, EventSink, Events};
pub use hook::{Attached, Hook, Link, Running};
pub use per_cpu::PerCpu;
#[cfg(feature = "futures")]
pub use stream::EventStream;
pub use table::{Table, TableBytes};

/// Why a table, events or a hook did not do what was asked of them.
#[derive(Debug, Clone, PartialEq, Eq, PluginType)]
#[plugin(open, crate = crate)]
pub enum KernelError {
    /// The table has as many entries as it can hold.
    Full(u32),
    /// Key or value has another size than the table's, in bytes: what it was given, and what it holds.
    Size(u32, u32),
    /// There is no such key, in a table that has every key there can be, and no other.
    NoKey,
    /// What carries the plugin cannot do it: only a program in the kernel can be attached, and only some can be run.
    Unsupported(String),
    /// The system refused, and what it said.
    System(String),
    /// The plugin behind it failed.
    Fault(String),
    /// No BPF file system is mounted there, and what to do.
    NoBpffs(String),
    /// Something is there already, and what: a file, or a program where there is room for one.
    Exists(String),
    /// Nothing is there.
    Missing(String),
    /// Another is there than was expected, and which: somebody else's program, another contract's, another hook's.
    Other(String),
    /// What it was attached to is gone.
    Gone(String),
    /// Something that this side does not know.
    Unknown(u32),
}

impl fmt::Display for KernelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(capacity) => {
                write!(f, "the table is full: it holds {capacity} entries; raise `capacity` in the contract")
            }
            Self::Size(given, holds) => {
                write!(
                    f,
                    "expected {holds} bytes, got {given}: who sent them means another key, value or event"
                )
            }
            Self::NoKey => f.write_str("there is no such key: an array's keys are 0 up to its capacity"),
            Self::Unsupported(why) => write!(f, "unsupported: {why}"),
            Self::System(said)
            | Self::Fault(said)
            | Self::NoBpffs(said)
            | Self::Exists(said)
            | Self::Missing(said)
            | Self::Other(said)
            | Self::Gone(said) => f.write_str(said),
            Self::Unknown(number) => {
                write!(f, "failed for a reason that this version does not know ({number})")
            }
        }
    }
}

impl std::error::Error for KernelError {}

impl From<PluginFault> for KernelError {
    fn from(fault: PluginFault) -> Self {
        Self::Fault(fault.to_string())
    }
}
