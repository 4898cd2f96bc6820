//! Contracts as text for other languages.
//!
//! In: records, as rustc compiled them. Out: sources of other languages, and schemas. No tokens, no files: nothing here knows how a
//! contract was written, or where what is printed goes.

#[cfg(feature = "bpf")]
pub mod bpf;
#[cfg(feature = "cli")]
pub mod c;
#[cfg(feature = "cli")]
pub(crate) mod schema;
