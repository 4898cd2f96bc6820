//! What was promised: the lock file, and how code differs from it.
//!
//! In: the text of `plugin-contract.lock`. Out: a [`Lock`], whose only text is the canonical one; and findings, when a
//! contract is compared with it. It does not know files, and what a type's name stands for it knows only where the
//! lock says so.

mod change;
mod compare;
mod read;
mod value;
mod write;

use std::collections::BTreeMap;
use std::fmt;

pub use change::{Change, Place, between};
pub(crate) use compare::compare;
pub use read::LockError;

use crate::syntax::Version;

/// A whole lock file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Its contracts by id.
    pub contracts: BTreeMap<String, Contract>,
    /// The types they are made of, by name.
    pub types: BTreeMap<String, Type>,
    /// What was changed in spite of what it breaks, oldest first.
    pub accepted: Vec<Accepted>,
}

/// Which pairs of old and new must work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compat {
    /// Old plugins in new hosts.
    #[default]
    Backward,
    /// New plugins in old hosts.
    Forward,
    /// Both.
    Full,
}

impl fmt::Display for Compat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Backward => "backward",
            Self::Forward => "forward",
            Self::Full => "full",
        })
    }
}

/// One contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// The trait's name.
    pub name: String,
    /// Its version when it was accepted.
    pub version: Version,
    /// Which pairs must work.
    pub compat: Compat,
    /// What it demands of threads: `Send`, `Sync`, both or nothing.
    pub bounds: Bounds,
    /// The hash over its methods.
    pub fingerprint: u128,
    /// Its methods by name.
    pub methods: BTreeMap<String, Method>,
    /// Methods that were there once, by name.
    pub removed: BTreeMap<String, Removed>,
}

/// The thread bounds of a contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// `Send` is a supertrait.
    pub send: bool,
    /// `Sync` is a supertrait.
    pub sync: bool,
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.send, self.sync) {
            (true, true) => "Send + Sync",
            (true, false) => "Send",
            (false, true) => "Sync",
            (false, false) => "",
        })
    }
}

/// One method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// The version that brought it.
    pub since: Version,
    /// Whether it has a default body.
    pub optional: bool,
    /// Its canonical signature.
    pub signature: String,
    /// What the author's own names in the signature stood for, where it was not themselves.
    pub resolved: BTreeMap<String, String>,
    /// The hash of its types.
    pub fingerprint: u128,
}

/// A method that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// The version that brought it.
    pub since: Version,
    /// The first version without it.
    pub until: Version,
    /// Its canonical signature.
    pub signature: String,
}

/// A type that contracts are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// A struct's fields in order: name and type.
    Struct(Vec<(String, String)>),
    /// An enum's variants in order.
    Enum(Vec<(String, Variant)>),
}

/// One variant of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The number that stands for it.
    pub tag: u32,
    /// Its fields: `String`, or `key: String`.
    pub fields: Vec<String>,
}

/// One break that somebody decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The rule it breaks, as in `PC001`.
    pub rule: String,
    /// What it is about, as in `acme.store.purge`.
    pub item: String,
    /// The version it came with.
    pub to: Version,
    /// Why.
    pub why: String,
}
