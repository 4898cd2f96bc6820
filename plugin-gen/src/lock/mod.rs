//! What was promised: the lock file, and how code differs from it.
//!
//! In: the text of `plugin-contract.lock`. Out: a [`Lock`], whose only text is the canonical one; and findings, when a
//! contract is compared with it. It does not know files, and what a type's name stands for it knows only where the
//! lock says so.

mod accepted;
mod change;
mod compare;
mod compare_type;
mod contracts;
mod diff;
mod difference;
mod flow;
mod locate;
mod promise;
mod read;
mod rule;
mod since;
#[cfg(feature = "build")]
mod step;
mod types;
mod value;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub use accepted::stale;
#[cfg(feature = "cli")]
pub(crate) use accepted::{only, spoken_for};
pub(crate) use compare::compare;
#[cfg(feature = "build")]
pub(crate) use compare::point_at;
pub(crate) use compare_type::compare_type;
pub use diff::diff;
#[cfg(feature = "cli")]
pub(crate) use difference::sentence;
pub use difference::{ContractPart, Difference, MethodPart, Place, TypePart};
pub(crate) use flow::Flow;
#[cfg(feature = "cli")]
pub(crate) use locate::{in_contract, in_type};
pub(crate) use promise::{Based, Fingerprinted, Inherited, Promise, Shown, TypePromise};
pub use read::LockError;
pub use rule::{Level, Outcome, RULES, Rule, Step, rule};
pub(crate) use since::since;
#[cfg(feature = "build")]
pub(crate) use step::check as check_step;
#[cfg(feature = "build")]
pub use step::demanded;

pub use crate::syntax::StructForm;
use crate::syntax::Version;

/// A whole lock file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// The revision of the binary interface that its contracts were compiled for.
    pub abi: u32,
    /// Its contracts by id.
    pub contracts: BTreeMap<String, Contract>,
    /// The types they are made of, by name.
    pub types: BTreeMap<String, Type>,
    /// What was changed in spite of what it breaks, oldest first.
    pub accepted: Vec<Accepted>,
}

/// A lock that promises nothing.
impl Default for Lock {
    fn default() -> Self {
        let (contracts, types) = (BTreeMap::new(), BTreeMap::new());
        Self { abi: plugin_abi::REVISION, contracts, types, accepted: Vec::new() }
    }
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
    /// What it demands of threads, be it by its bases: `Send`, `Sync`, both or nothing.
    pub bounds: Bounds,
    /// The ids of the contracts that it is built on.
    pub bases: BTreeSet<String>,
    /// The hash over its methods.
    pub fingerprint: u128,
    /// Its methods by name, with those of its bases.
    pub methods: BTreeMap<String, Method>,
    /// Methods that were there once, by name.
    pub removed: BTreeMap<String, Removed>,
}

impl Contract {
    /// The hash over its methods, whatever their order: what rustc computes of the same.
    #[must_use]
    pub fn hash(&self) -> u128 {
        let one = |(name, method): (&String, &Method)| {
            let hasher = plugin_abi::Hasher::new().text(name).number(method.optional.into());
            hasher.number(method.fingerprint).finish().0
        };
        self.methods.iter().map(one).fold(plugin_abi::Hasher::new().finish().0, u128::wrapping_add)
    }
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
    /// The names it had before, by which older plugins and hosts still find it.
    pub was: Vec<String>,
    /// Whether it has a default body.
    pub optional: bool,
    /// The id of the contract that it comes from, when that is a base; empty for the contract's own.
    pub from: String,
    /// Its canonical signature.
    pub signature: String,
    /// What it is to the kernel: `hook(xdp)`; empty for what is called.
    pub role: String,
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
    /// A struct.
    Struct {
        /// How it crosses.
        form: StructForm,
        /// Its fields in order.
        fields: Vec<Field>,
    },
    /// An enum.
    Enum {
        /// Whether it may gain variants.
        open: bool,
        /// Its variants by number.
        variants: Vec<Variant>,
    },
}

impl Type {
    /// How it is declared: `struct`, `#[plugin(open)] enum`.
    #[must_use]
    pub fn form(&self) -> String {
        match self {
            Self::Struct { form: StructForm::Mirrored, .. } => "struct",
            Self::Struct { form: StructForm::Sized, .. } => "#[plugin(sized)] struct",
            Self::Struct { form: StructForm::Plain, .. } => "#[plugin(plain)] struct",
            Self::Enum { open: false, .. } => "enum",
            Self::Enum { open: true, .. } => "#[plugin(open)] enum",
        }
        .to_owned()
    }

    /// Its fields, and those of its variants.
    pub fn all_fields(&self) -> impl Iterator<Item = &Field> {
        let (fields, variants): (&[Field], &[Variant]) = match self {
            Self::Struct { fields, .. } => (fields, &[]),
            Self::Enum { variants, .. } => (&[], variants),
        };
        fields.iter().chain(variants.iter().flat_map(|variant| &variant.fields))
    }
}

/// A field of a struct or variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name: `key`, or `0` in a tuple.
    pub name: String,
    /// Its type, without aliases.
    pub ty: String,
    /// Whether a sender may leave it out.
    pub optional: bool,
}

/// One variant of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// The number that stands for it.
    pub tag: u32,
    /// Its fields.
    pub fields: Vec<Field>,
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
