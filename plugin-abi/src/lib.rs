//! The binary interface between a plugin and its host: everything both sides must agree on, once.
//!
//! Found by name, checked by fingerprint, called by pointer. A plugin exports one static, [`Export`], and carries a
//! note (see [`note`]) that a host decodes *before* it opens the library. What crosses a call is in [`wire`]:
//! `repr(C)` forms, one trait per type, frozen. A panic never crosses: [`guard`](call::guard) turns it into text.
//!
//! People do not use this crate: contract and plugin authors use `plugin-contracts`, hosts use `plugin-host`.
//! It has no dependencies, and without the feature `std` it needs `alloc` only. Without the feature `wire` there is what a
//! generator writes and no more: names, hashes, how methods wait.

#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "wire")]
extern crate alloc;

#[cfg(feature = "wire")]
pub mod access;
#[cfg(feature = "wire")]
pub mod bases;
#[cfg(feature = "wire")]
pub mod c_name;
#[cfg(feature = "wire")]
pub mod call;
#[cfg(feature = "wire")]
mod context;
#[cfg(feature = "wire")]
mod contract;
#[cfg(feature = "wire")]
pub mod describe;
#[cfg(feature = "wire")]
mod export;
#[cfg(feature = "wire")]
mod fault;
mod fingerprint;
#[cfg(feature = "wire")]
mod graph;
#[cfg(feature = "std")]
mod instance;
#[cfg(feature = "json")]
pub mod json;
pub mod kernel;
#[cfg(feature = "std")]
mod lender;
#[cfg(feature = "wire")]
mod lent;
#[cfg(feature = "std")]
pub mod mock;
#[cfg(all(test, loom))]
mod models;
pub mod name;
#[cfg(feature = "wire")]
mod named;
#[cfg(feature = "wire")]
pub mod note;
#[cfg(feature = "std")]
mod once;
#[cfg(feature = "std")]
mod panic;
#[cfg(feature = "wire")]
mod promise;
#[cfg(feature = "std")]
mod restart;
#[cfg(feature = "std")]
mod stub;
#[cfg(feature = "wire")]
mod sync;
mod waiting;
#[cfg(feature = "wire")]
pub mod wire;

// The public interface is:
#[cfg(feature = "wire")]
pub use call::{Answer, Out, Status};
#[cfg(feature = "wire")]
pub use context::{ContextAbi, PairAbi, PluginContext, constants_pair};
#[cfg(feature = "wire")]
pub use contract::{Contract, ExportOf, RowsFor, Unbound};
#[cfg(feature = "wire")]
pub use export::{Constructor, ContractTable, Export, HostServices, MAGIC, Row};
#[cfg(feature = "wire")]
pub use fault::{FaultKind, PluginFault};
pub use fingerprint::{Fingerprint, Hasher};
#[cfg(feature = "futures")]
pub use futures_core::stream::{BoxStream, LocalBoxStream, Stream};
#[cfg(feature = "wire")]
pub use graph::{Graph, MAX_TYPES, borrows, first_false, is_data};
#[cfg(feature = "std")]
pub use instance::Instance;
#[cfg(feature = "std")]
pub use lent::LentAllocator;
#[cfg(feature = "wire")]
pub use lent::Memory;
pub use name::REVISION;
#[cfg(feature = "wire")]
pub use named::{InstanceName, Written};
#[cfg(feature = "wire")]
pub use promise::{
    PromisedField, PromisedMethod, PromisedType, PromisedVariant, SAID, added, are_bases, has_changed, held,
    is_gone, shows_as, told,
};
#[cfg(feature = "std")]
pub use restart::{Construct, OnPanic};
#[cfg(feature = "std")]
pub use stub::{Deliver, DeliverByPanic, Raw, Stub, is_caller, note_caller, otherwise};
pub use waiting::Waiting;
#[cfg(feature = "wire")]
pub use wire::{Buf, Invalid, Plain, PluginType, Sink, Text, plain_bytes, plain_from_bytes};
