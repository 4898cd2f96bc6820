//! What is left for rustc: the words are the same, or could mean the same, and only a const can tell.
//!
//! In: nothing; the comparison fills it. Out: what the emitters turn into assertions, each with the finding that it raises
//! and the place where it stands.

use std::collections::BTreeMap;

use super::{Bounds, Type as Promised};
use crate::report::Finding;
use crate::syntax::{Attribute, Type};

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
    /// The contracts that it is built on, where only rustc knows which they are.
    pub(crate) based: Option<Based>,
    /// The derived types of this contract, as they were promised, and what to say of one that changed elsewhere.
    pub(crate) types: Vec<(String, Promised, String)>,
    /// Findings that hold only where these `#[cfg]`s do.
    pub(crate) conditional: Vec<(Vec<Attribute>, Finding)>,
}

/// What was promised of the contracts that one is built on.
#[derive(Clone)]
pub(crate) struct Based {
    /// Their ids.
    pub(crate) ids: Vec<String>,
    /// What to say when they are others, if the words did not say so already.
    pub(crate) rebased: Option<Finding>,
    /// What contract and bases demand of threads, and what to say when it is something else.
    pub(crate) bounds: (Bounds, Finding),
    /// The methods that are not the contract's own.
    pub(crate) methods: Vec<Inherited>,
    /// Every name that the contract was promised to answer to.
    pub(crate) names: Vec<String>,
    /// Contracts that the lock holds, and the names that they were promised to answer to.
    pub(crate) speaking: Vec<(String, Vec<String>)>,
    /// What to say of a required method that a base has more, with [`ADDED`](Self::ADDED) for its name.
    pub(crate) added: Finding,
}

impl Based {
    /// Stands for a name that rustc knows.
    pub(crate) const ADDED: &str = "?";

    /// Everything that may be said.
    #[cfg(feature = "build")]
    pub(crate) fn into_findings(self) -> impl Iterator<Item = Finding> {
        let methods = self.methods.into_iter().flat_map(|method| [method.gone, method.changed]);
        self.rebased.into_iter().chain([self.bounds.1]).chain(methods).chain([self.added])
    }
}

/// A method that a base brought.
#[derive(Clone)]
pub(crate) struct Inherited {
    /// Its name.
    pub(crate) name: String,
    /// The contract that it came from; empty for one that was the contract's own.
    pub(crate) from: String,
    /// The fingerprint that was promised.
    pub(crate) fingerprint: u128,
    /// Whether the lock promises the same of that contract, so that it says itself what became of it.
    pub(crate) said: bool,
    /// What to say when no base has it any more.
    pub(crate) gone: Finding,
    /// What to say when its hash is another.
    pub(crate) changed: Finding,
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
