//! The rules PC301 to PC312, and one difference by one of them.

use std::fmt;
use std::path::PathBuf;

macro_rules! rules {
    ($($code:ident $doc:literal)*) => {
        /// A rule that an object can break, by the id under which `cargo plugin-gen explain` tells more.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = $doc] $code,)*
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$code),*];
        }
    };
}

rules! {
    PC301 "A program is missing."
    PC302 "A program is attached elsewhere, or takes another context."
    PC303 "The object says nothing of a type."
    PC304 "A field lies elsewhere."
    PC305 "A field has another type."
    PC306 "A field is missing, new or called otherwise."
    PC307 "An array has another length."
    PC308 "A union or a bit field stands where a field should."
    PC309 "A struct has another size."
    PC310 "A map is missing, or is another kind of map."
    PC311 "A map's key or value is another type."
    PC312 "Constants are missing, or can be written."
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// One difference between an object and its contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The rule.
    pub rule: Rule,
    /// What it is about: `Drop.len`, `rules`.
    pub what: String,
    /// The same, by the names that both sides have for it.
    pub subject: Subject,
    /// What the contract has there.
    pub contract: String,
    /// What the object has there.
    pub object: String,
    /// Where the contract says it, if somebody looked it up.
    pub contract_place: Option<Place>,
    /// Where the object's source says it, if somebody looked it up.
    pub object_place: Option<Place>,
}

/// What a difference is about, by the names that both sides have for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// A method or a type of the contract.
    pub item: String,
    /// A field of the type, or an argument of the method.
    pub part: Option<String>,
    /// What the item is in C: a function, a variable, or a struct.
    pub c: String,
    /// What the part is in C: a member of the struct.
    pub c_part: Option<String>,
}

/// A place in a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "[{}] `{}`: {} in the contract, {} in the object",
            self.rule, self.what, self.contract, self.object
        )?;
        for (side, place) in [("contract", &self.contract_place), ("object", &self.object_place)] {
            if let Some(place) = place {
                write!(f, "\n    {side}: {place}")?;
            }
        }
        Ok(())
    }
}
