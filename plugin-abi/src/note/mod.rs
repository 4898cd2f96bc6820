//! The note: what a library says of itself before any of its code runs.
//!
//! In: contract descriptors, at compile time. Out: the bytes of an ELF note; and from such bytes, taken as hostile, a
//! [`Record`]. It does not know files: finding the section or segment is the reader's business.
//!
//! An ELF note is `namesz descsz type name desc` (System V ABI); ours have the owner `Plugin`, and the type says which
//! kind of record it is. The descriptor is little-endian on every target:
//!
//! ```text
//! magic "PLGNOTE\0" · revision u16 · flags u16 · length u32 of all that follows
//! text package · text version · text rustc · text target · text symbol
//! list of types      { kind u8 · text name · size u32 · align u32 · list of members · list of variants }
//! list of contracts  { text id · text version · text trait · flags u8 · package · fingerprint · list of methods
//!                      · list of bases: text id }
//! list of contracts  those of objects that the first ones hand over
//! list of members    { text name · type u32 · offset u32 · flags u8 }
//! list of variants   { text name · tag u32 · list of members }
//! list of methods    { text name · text signature · text since · flags u8 · fingerprint · list of arguments
//!                      · result u32 · list of mentions · list of former names · text role · text from }
//! ```
//!
//! Of a crate that is linked in ([`RecordKind::Links`]) there are its package and its contracts' ids; all else is empty.
//!
//! A text is its length as `u32` and UTF-8. A list is its count as `u32` and items, each prefixed by its length, so
//! that an item may gain fields at its end within one revision: a reader skips what it does not know, and takes for
//! empty what an older writer did not (a member's flags, a method's former names, its role and the contract that it is from, the
//! objects' contracts, a contract's bases). Bases, roles, and the contract that a method is from, are left out where there are
//! none. Arguments and mentions are members without flags. The name of an array is its length in decimal.

#[cfg(feature = "records")]
mod describe;
#[cfg(feature = "records")]
mod encode;
#[cfg(feature = "records")]
mod frames;
#[cfg(feature = "records")]
mod read;
#[cfg(feature = "records")]
mod record;
mod write;

#[cfg(feature = "records")]
pub use encode::{Sink, encode};
#[cfg(feature = "records")]
pub use frames::Notes;
#[cfg(feature = "records")]
pub use read::{Head, NoteError, decode};
#[cfg(feature = "records")]
pub use record::{Contract, Member, Method, Record, Shown, Toolchain, Type, TypeIndex, Variant};
pub use write::{Note, RecordDesc, length};

/// How every descriptor begins.
pub const MAGIC: [u8; 8] = *b"PLGNOTE\0";

/// The revision of the format. A reader refuses a newer one.
pub const REVISION: u16 = 1;

/// How long a descriptor is before its texts: magic, revision, flags, length.
const HEAD: usize = MAGIC.len() + 2 + 2 + 4;

/// How many texts say who wrote a record.
const TEXTS: usize = 5;

/// What a record is for; the `type` of its ELF note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum RecordKind {
    /// A crate declares contracts. It lies in the crate, in [`DECLARED_SECTION`](crate::name::DECLARED_SECTION).
    Declares = 1,
    /// A library exports an object that implements contracts: it is a plugin.
    Exports = 2,
    /// A crate that declares contracts is linked in, which proves nothing. Without compiler, target, types and methods.
    Links = 3,
}

/// Bits of the note's `flags`.
pub(crate) mod flag {
    /// Pointers have 64 bits, else 32.
    pub(crate) const POINTERS_64: u16 = 1;
    /// The target is big-endian.
    pub(crate) const BIG_ENDIAN: u16 = 2;
    /// A panic aborts the process.
    pub(crate) const PANIC_ABORT: u16 = 4;
    /// Built with debug assertions.
    pub(crate) const DEBUG: u16 = 8;
}

/// Bits of a contract's `flags`.
pub(crate) mod contract_flag {
    pub(crate) const SEND: u8 = 1;
    pub(crate) const SYNC: u8 = 2;
    pub(crate) const LOCKED: u8 = 4;
}

/// Bits of a member's `flags`.
pub(crate) mod member_flag {
    pub(crate) const OPTIONAL: u8 = 1;
}

/// Bits of a method's `flags`.
pub(crate) mod method_flag {
    pub(crate) const EXCLUSIVE: u8 = 1;
    pub(crate) const OPTIONAL: u8 = 2;
    pub(crate) const ASYNC: u8 = 4;
    /// Its future stays on its thread.
    pub(crate) const LOCAL: u8 = 8;
}
