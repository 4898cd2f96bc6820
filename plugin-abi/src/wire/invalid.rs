//! What can be wrong with bytes that came from the other side.

use core::fmt;

/// Why bytes from the other side are not a value of the type they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Invalid {
    /// Text that is not UTF-8.
    NotUtf8,
    /// A null pointer to something of non-zero length.
    NullPointer,
    /// A null pointer where there must be a function, a table or an object.
    Missing {
        /// What it would be: `next`, `table`.
        name: &'static str,
    },
    /// A pointer that is not aligned for what it points to.
    Misaligned,
    /// A length over `isize::MAX` bytes, or over its own capacity.
    TooLong,
    /// A `bool` that is neither 0 nor 1.
    Bool(u8),
    /// A `char` that is no Unicode scalar value.
    Char(u32),
    /// A tag that no variant has.
    Tag {
        /// The enum's name.
        name: &'static str,
        /// The tag found.
        tag: u32,
    },
    /// Another number of fields than there must be.
    Fields {
        /// The variant's or the struct's name.
        name: &'static str,
        /// How many there are.
        found: u32,
        /// How many there must be; of a struct that is sized, at least.
        expected: u32,
    },
    /// Nanoseconds that make a second or more.
    Nanos(u32),
    /// A point of time that this system's clock cannot show, in seconds from 1970.
    Time(i64),
    /// A key or an item that is there twice.
    Duplicate {
        /// The map's or the set's name.
        name: &'static str,
    },
    /// A box where no fields are, or one without the function that gives it back.
    Content,
    /// An object that is shared, where it would have to be somebody's own.
    Shared,
    /// Something that can be used once, and was.
    Used,
    /// An object of another contract.
    Contract,
    /// An object without a method that has no default body.
    Method {
        /// The method's name.
        name: &'static str,
    },
    /// A sink without the function that grows it.
    Sink,
    /// A waker that came back more often than it was kept.
    Waker,
    /// What the crate of this type does not read as one.
    Form {
        /// The type's name.
        name: &'static str,
    },
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 => f.write_str("the text is not UTF-8"),
            Self::NullPointer => f.write_str("the pointer is null though the length is not 0"),
            Self::Missing { name } => write!(f, "`{name}` is null, and must not be"),
            Self::Misaligned => f.write_str("the pointer is not aligned for its type"),
            Self::TooLong => f.write_str("the length is larger than memory or than its own capacity"),
            Self::Bool(found) => write!(f, "a bool is 0 or 1, found {found}"),
            Self::Char(found) => write!(f, "{found:#x} is no Unicode scalar value"),
            Self::Tag { name, tag } => write!(f, "`{name}` has no variant with tag {tag}"),
            Self::Fields { name, found, expected } => {
                write!(f, "`{name}` has {expected} fields, found {found}")
            }
            Self::Nanos(found) => write!(f, "nanoseconds are less than a second, found {found}"),
            Self::Time(secs) => {
                write!(f, "{secs} seconds from 1970 are more than the clock of this system can show")
            }
            Self::Duplicate { name } => write!(f, "a `{name}` has each key once, and one came twice"),
            Self::Content => f.write_str("a box that holds no field, or that nothing gives back"),
            Self::Shared => f.write_str("the object is shared, and the method would change it"),
            Self::Used => f.write_str("it can be called once, and was"),
            Self::Contract => f.write_str("the object is one of another contract"),
            Self::Method { name } => write!(f, "the object has no method `{name}`"),
            Self::Form { name } => write!(f, "it is no `{name}`"),
            Self::Sink => f.write_str("a sink that nothing grows"),
            Self::Waker => f.write_str(
                "a waker was given back twice: it is woken or dropped once for each time it was kept",
            ),
        }
    }
}

impl core::error::Error for Invalid {}
