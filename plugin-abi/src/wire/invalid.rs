//! What can be wrong with bytes that came from the other side.

use alloc::boxed::Box;
use core::{fmt, slice};

use crate::fault::{digits, joined};

/// Why bytes from the other side are not a value of the type they should be.
// A tag as large as its neighbours: shims move what they refuse in few pieces, and every name lies in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[repr(u32)]
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

/// What each says, in the order of the variants: `$` stands for the name, `#` for the next number. One text, because each of
/// many would have an address for the dynamic linker to put right.
const TEXTS: &str = "the text is not UTF-8
the pointer is null though the length is not 0
`$` is null, and must not be
the pointer is not aligned for its type
the length is larger than memory or than its own capacity
a bool is 0 or 1, found #
# is no Unicode scalar value
`$` has no variant with tag #
`$` has # fields, found #
nanoseconds are less than a second, found #
# seconds from 1970 are beyond this system's clock
a key of a `$` came twice
a box that holds no field, or that nothing gives back
the object is shared, and the method would change it
it can be called once, and was
the object is one of another contract
the object has no method `$`
a sink that nothing grows
a waker was given back more often than it was kept
it is no `$`
";

impl Invalid {
    /// Which of the texts it is: in the order of the variants, so that there is nothing to compute.
    const fn line(self) -> usize {
        match self {
            Self::NotUtf8 => 0,
            Self::NullPointer => 1,
            Self::Missing { .. } => 2,
            Self::Misaligned => 3,
            Self::TooLong => 4,
            Self::Bool(_) => 5,
            Self::Char(_) => 6,
            Self::Tag { .. } => 7,
            Self::Fields { .. } => 8,
            Self::Nanos(_) => 9,
            Self::Time(_) => 10,
            Self::Duplicate { .. } => 11,
            Self::Content => 12,
            Self::Shared => 13,
            Self::Used => 14,
            Self::Contract => 15,
            Self::Method { .. } => 16,
            Self::Sink => 17,
            Self::Waker => 18,
            Self::Form { .. } => 19,
        }
    }

    /// What its text shows: its name, and its numbers in the order in which the text has them.
    const fn shown(self) -> (&'static str, [u64; 2]) {
        match self {
            Self::Missing { name }
            | Self::Duplicate { name }
            | Self::Method { name }
            | Self::Form { name } => (name, [0; 2]),
            Self::Tag { name, tag } => (name, [tag as u64, 0]),
            Self::Fields { name, found, expected } => (name, [expected as u64, found as u64]),
            Self::Bool(found) => ("", [found as u64, 0]),
            Self::Char(found) | Self::Nanos(found) => ("", [found as u64, 0]),
            Self::Time(secs) => ("", [secs.unsigned_abs(), 0]),
            _ => ("", [0; 2]),
        }
    }

    /// What it says, behind another text. Without `core::fmt`.
    #[cold]
    #[inline(never)]
    #[allow(improper_ctypes_definitions, reason = "both sides of the call are this very Rust")]
    pub(crate) extern "C" fn said_after(&self, mut text: Box<str>) -> Box<str> {
        let (mut line, (name, [mut number, next])) = (self.line(), self.shown());
        // One letter at a time: whatever searches a text is larger than this.
        for letter in TEXTS.as_bytes() {
            if *letter == b'\n' {
                if line == 0 {
                    break;
                }
                line -= 1;
            } else if line == 0 {
                let mut room = [0; 20];
                let part = match *letter {
                    b'$' => name,
                    b'#' => {
                        let digits = digits(number, &mut room);
                        number = next;
                        digits
                    }
                    // SAFETY: all of them are ASCII.
                    _ => unsafe { str::from_utf8_unchecked(slice::from_ref(letter)) },
                };
                text = joined(&[&text, part]);
            }
        }
        text
    }
}

const _: () = assert!(TEXTS.is_ascii());

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said_after(Box::default()))
    }
}

impl core::error::Error for Invalid {}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    #[test]
    fn each_says_its_own_text() {
        let name = "Item";
        let all = [
            (Invalid::NotUtf8, "the text is not UTF-8"),
            (Invalid::NullPointer, "the pointer is null though the length is not 0"),
            (Invalid::Missing { name }, "`Item` is null, and must not be"),
            (Invalid::Misaligned, "the pointer is not aligned for its type"),
            (Invalid::TooLong, "the length is larger than memory or than its own capacity"),
            (Invalid::Bool(2), "a bool is 0 or 1, found 2"),
            (Invalid::Char(1_114_287), "1114287 is no Unicode scalar value"),
            (Invalid::Tag { name, tag: u32::MAX }, "`Item` has no variant with tag 4294967295"),
            (Invalid::Fields { name, found: 0, expected: 12 }, "`Item` has 12 fields, found 0"),
            (Invalid::Nanos(1_000_000_000), "nanoseconds are less than a second, found 1000000000"),
            (Invalid::Time(i64::MIN), "9223372036854775808 seconds from 1970 are beyond this system's clock"),
            (Invalid::Duplicate { name }, "a key of a `Item` came twice"),
            (Invalid::Content, "a box that holds no field, or that nothing gives back"),
            (Invalid::Shared, "the object is shared, and the method would change it"),
            (Invalid::Used, "it can be called once, and was"),
            (Invalid::Contract, "the object is one of another contract"),
            (Invalid::Method { name }, "the object has no method `Item`"),
            (Invalid::Sink, "a sink that nothing grows"),
            (Invalid::Waker, "a waker was given back more often than it was kept"),
            (Invalid::Form { name }, "it is no `Item`"),
        ];
        for (invalid, text) in all {
            assert_eq!(invalid.to_string(), text);
        }
        assert_eq!(TEXTS.lines().count(), all.len());
    }
}
