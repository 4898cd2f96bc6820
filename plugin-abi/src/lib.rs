//! The binary interface between a plugin and its host: everything both sides must agree on, once.
//!
//! Found by name, checked by fingerprint, called by pointer. A plugin exports one static, [`Export`], and carries a
//! note (see [`note`]) that a host decodes *before* it opens the library. What crosses a call is in [`wire`]:
//! `repr(C)` forms, one trait per type, frozen. A panic never crosses: [`guard`](call::guard) turns it into text.
//!
//! People do not use this crate: contract and plugin authors use `plugin-contracts`, hosts use `plugin-host`.
//! It has no dependencies, and without the feature `std` it needs `alloc` only.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod access;
pub mod call;
mod context;
mod contract;
pub mod describe;
mod export;
mod fault;
mod fingerprint;
mod graph;
#[cfg(feature = "std")]
mod instance;
#[cfg(feature = "json")]
pub mod json;
#[cfg(feature = "std")]
mod lender;
mod lent;
#[cfg(feature = "std")]
pub mod mock;
#[cfg(all(test, loom))]
mod models;
pub mod name;
mod named;
pub mod note;
#[cfg(feature = "std")]
mod once;
#[cfg(feature = "std")]
mod panic;
mod promise;
#[cfg(feature = "std")]
mod restart;
#[cfg(feature = "std")]
mod stub;
mod sync;
pub mod wire;

// The public interface is:
pub use call::{Out, Status};
pub use context::{ContextAbi, PairAbi, PluginContext};
pub use contract::{Contract, ExportOf, RowsFor, Unbound};
pub use export::{Constructor, ContractTable, Export, HostServices, MAGIC, REVISION, Row};
pub use fault::{FaultKind, PluginFault};
pub use fingerprint::{Fingerprint, Hasher};
#[cfg(feature = "futures")]
pub use futures_core::stream::{BoxStream, LocalBoxStream};
pub use graph::{Graph, MAX_TYPES, borrows, first_false, is_data};
#[cfg(feature = "std")]
pub use instance::Instance;
#[cfg(feature = "std")]
pub use lent::LentAllocator;
pub use lent::Memory;
pub use named::InstanceName;
pub use promise::{PromisedField, PromisedType, PromisedVariant, SAID, held, shows_as, told};
#[cfg(feature = "std")]
pub use restart::{Construct, OnPanic};
#[cfg(feature = "std")]
pub use stub::{Deliver, DeliverByPanic, Raw, is_caller, note_caller};
pub use wire::{Buf, Invalid, Plain, PluginType, Sink, Text};
