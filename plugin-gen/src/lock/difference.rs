//! One way in which code differs from its lock, whoever found it: tokens, compiled records, or another lock.
//!
//! In: what was and what is. Out: a [`Difference`] that says it in one sentence, with a cure. It does not know spans: a
//! [`Place`] names the word, and whoever has the source points at it.

use super::rule::{Level, Outcome, Step, rule};
use super::{Compat, Rule};
use crate::report::Code;
use crate::syntax::Version;

/// The word that a difference is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Something of a whole contract.
    Contract {
        /// Its id.
        id: String,
        /// Which word.
        part: ContractPart,
    },
    /// Something of a method.
    Method {
        /// The contract's id.
        id: String,
        /// The method's name.
        name: String,
        /// Which word.
        part: MethodPart,
    },
    /// Something of a derived type.
    Type {
        /// The type's name.
        name: String,
        /// Which word.
        part: TypePart,
    },
    /// The lock file itself.
    Lock,
}

/// A word of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContractPart {
    /// The trait's name.
    Name,
    /// The version in the attribute.
    Version,
    /// The supertraits.
    Bounds,
}

/// A word of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MethodPart {
    /// Its name.
    Name,
    /// What it is to the kernel.
    Role,
    /// How it takes its object.
    Receiver,
    /// The type of this argument, counted from 0 without the receiver.
    Argument(usize),
    /// The return type.
    Result,
}

/// A word of a derived type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TypePart {
    /// Its name.
    Name,
    /// The name of this field.
    FieldName(String),
    /// The type of this field.
    FieldType(String),
    /// The name of this variant.
    Variant(String),
    /// The type of this field of this variant.
    VariantField(String, String),
}

/// What to do with what was added.
const ACCEPT: &str = "accept it, so that it is promised from now on";

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The rule it falls under.
    pub code: Code,
    /// How much it matters here: an open enum makes additive what breaks elsewhere.
    pub level: Level,
    /// What it is about, as in `acme.store.put`, `StoreError::Io`, `Row.cells`.
    pub item: String,
    /// The word to point at.
    pub place: Place,
    /// What happened, in one sentence without was and is.
    pub what: String,
    /// What stood there; empty for what is new.
    pub was: String,
    /// What stands there now; empty for what is gone.
    pub is: String,
    /// The version that would do, when the version in the code is what is wrong.
    pub needs: Option<Version>,
    /// Whether the words alone prove it. Where a name could be an alias, only rustc knows.
    pub certain: bool,
}

impl Difference {
    /// A difference that falls under this rule, and is certain.
    pub(crate) fn new(code: Code, item: impl Into<String>, place: Place, what: impl Into<String>) -> Self {
        let level = rule(code).map_or(Level::Error, |rule| rule.level);
        let (was, is) = (String::new(), String::new());
        let (item, what) = (item.into(), what.into());
        Self { code, level, item, place, what, was, is, needs: None, certain: true }
    }

    /// With what stood there, and what stands there now.
    pub(crate) fn showing(mut self, was: impl Into<String>, is: impl Into<String>) -> Self {
        (self.was, self.is) = (was.into(), is.into());
        self
    }

    /// Whether it is there to be seen only: nobody has to do anything.
    #[must_use]
    pub fn is_note(&self) -> bool {
        self.level == Level::Patch
    }

    /// Whether code with it may be compiled before it is accepted.
    #[must_use]
    pub fn compiles(&self) -> bool {
        self.level <= Level::Additive
    }

    /// Whether who accepts it is asked why: somebody breaks, or something that was promised is taken back.
    #[must_use]
    pub fn needs_reason(&self) -> bool {
        self.breaks().is_some() || matches!(self.code, Code::PC201 | Code::PC202 | Code::PC205)
    }

    /// What it demands of the version, where this is promised.
    #[must_use]
    pub fn step(&self, compat: Compat) -> Step {
        Step::of(self.code, self.level, compat)
    }

    /// The whole sentence: what happened, what was, what is.
    #[must_use]
    pub fn sentence(&self) -> String {
        sentence(&self.what, &self.was, &self.is)
    }

    /// What to do: the rule's cure, or accept it.
    #[must_use]
    pub fn help(&self, since: Version, compat: Compat) -> String {
        let cure = match (self.code, self.was.as_str()) {
            (Code::PC003 | Code::PC004 | Code::PC005 | Code::PC006 | Code::PC102 | Code::PC103, was)
                if !was.is_empty() =>
            {
                let other = if matches!(self.place, Place::Method { .. }) {
                    ", or add another method with a default body (PC010)"
                } else {
                    ""
                };
                format!("keep `{was}`{other}")
            }
            (Code::PC203, was) => match self.needs {
                Some(needed) if !was.is_empty() => {
                    format!(
                        "write `version = \"{needed}\"`: what was promised under a version stays promised"
                    )
                }
                Some(needed) => {
                    format!("write `version = \"{needed}\"`, or let `cargo plugin-gen accept --bump` do it")
                }
                None => "`cargo plugin-gen accept` promises it".to_owned(),
            },
            // What breaks elsewhere and is only added here.
            _ if self.level == Level::Additive => ACCEPT.to_owned(),
            _ => rule(self.code).map_or("", |rule| rule.help).to_owned(),
        };
        match self.level {
            Level::Patch | Level::Additive | Level::Error => cure,
            Level::SourceBreaking | Level::Breaking => {
                let part = self.step(compat).part(since);
                format!("{cure}, or `cargo plugin-gen accept --bump {part} --why \"…\"`")
            }
        }
    }

    /// Whom it breaks, for people: nothing where nobody breaks.
    #[must_use]
    pub fn breaks(&self) -> Option<&'static str> {
        if self.level < Level::SourceBreaking || self.level == Level::Error {
            return None;
        }
        let Rule { old_plugin, new_plugin, .. } = rule(self.code)?;
        Some(match (old_plugin, new_plugin) {
            (Outcome::Works, Outcome::Works) => {
                "sources that are compiled again; what is built keeps working"
            }
            (Outcome::Refused, Outcome::Works) => "plugins built before, in hosts built after",
            (Outcome::Works, Outcome::Refused) => "plugins built after, in hosts built before",
            (Outcome::Depends, Outcome::Works) => {
                "plugins built before that lack the method, in hosts built after"
            }
            (Outcome::Depends, _) | (_, Outcome::Depends) => {
                "plugins or hosts that rely on what was promised"
            }
            (Outcome::Refused, Outcome::Refused) => {
                "plugins built before, in hosts built after, and the reverse"
            }
        })
    }
}

/// What happened, what was and what is, which is said once.
pub(crate) fn sentence(what: &str, was: &str, is: &str) -> String {
    match (was, is) {
        ("", is) if is.is_empty() || what.contains(&format!("`{is}`")) => what.to_owned(),
        (was, "") => format!("{what}: was `{was}`"),
        ("", is) => format!("{what}: is `{is}`"),
        (was, is) => format!("{what}: was `{was}`, is `{is}`"),
    }
}
