//! What is left for rustc: the words are the same, or could mean the same, and only a const can tell.
//!
//! In: nothing; the comparison fills it. Out: what the emitters turn into assertions, each with the finding that it raises
//! and the place where it stands.

use std::collections::BTreeMap;

use syn::{Attribute, Type};

use super::Type as Promised;
use crate::report::Finding;

/// What the lock file holds of a contract, as far as only rustc can check it.
#[derive(Clone, Default)]
pub(crate) struct Promise {
    /// Whether the contract is in the lock.
    pub(crate) locked: bool,
    /// The lock file is there, and is to be tracked by cargo.
    pub(crate) track: bool,
    /// Types that must show as the lock shows them.
    pub(crate) shown: Vec<Shown>,
    /// Methods that must hash as the lock says, by their place in the contract.
    pub(crate) methods: BTreeMap<usize, Fingerprinted>,
    /// The derived types of this contract, as they were promised, and what to say of one that changed elsewhere.
    pub(crate) types: Vec<(String, Promised, String)>,
    /// Findings that do not hold everywhere.
    pub(crate) conditional: Vec<(Where, Finding)>,
}

/// Where a finding holds.
#[derive(Clone)]
pub(crate) enum Where {
    /// Under all of these `#[cfg]`s.
    On(Vec<Attribute>),
    /// Under one set of `#[cfg]`s of the first list, and none of the second.
    Hidden(Vec<Vec<Attribute>>, Vec<Vec<Attribute>>),
}

/// A type as it stands in a signature, and the text that rustc must make of it.
#[derive(Clone)]
pub(crate) struct Shown {
    /// The `#[cfg]`s under which it is there.
    pub(crate) cfgs: Vec<Attribute>,
    /// The type as it was written.
    pub(crate) ty: Type,
    /// Without aliases: `Result<Vec<u8>, StoreError>`.
    pub(crate) text: String,
    /// Types of before with an alias in common, and their texts: where one of them is another, that was said already.
    pub(crate) unless: Vec<(Type, String)>,
    /// What to say when it is another.
    pub(crate) finding: Finding,
}

/// One method of the lock.
#[derive(Clone)]
pub(crate) struct Fingerprinted {
    /// The fingerprint that was promised.
    pub(crate) fingerprint: u128,
    /// What each of its types must show as, result last, where somebody asks: where one does not, that was said already.
    pub(crate) texts: Vec<Option<String>>,
    /// What to say when the hash is another, and where.
    pub(crate) finding: Finding,
}

/// What the lock file holds of a derived type, as far as only rustc can check it.
#[derive(Clone, Default)]
pub(crate) struct TypePromise {
    /// Whether the type is in the lock, and was compared with it.
    pub(crate) compared: bool,
    /// Fields that must show as the lock shows them.
    pub(crate) shown: Vec<Shown>,
    /// Variants, by their place, and the numbers they must have.
    pub(crate) tags: Vec<(usize, u32, Finding)>,
}
