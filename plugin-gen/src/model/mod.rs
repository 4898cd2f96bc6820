//! What it is: contracts, methods and types as rustc compiled them, read from what it left on disk.
//!
//! In: libraries, archives and the packages they were built from. Out: records, and the lock that follows from them.
//! No syn, no spans: nothing here knows how anything was written.

mod artifact;
mod dynamic;
mod locked;
mod unique;

pub(crate) use artifact::{ReadError, is_of_rustc, records, records_in};
pub(crate) use dynamic::Dynamic;
pub(crate) use locked::lock;
