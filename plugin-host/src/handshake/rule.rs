//! The rules a handshake can find broken, by the ids under which `cargo plugin-gen explain` tells more.

use std::fmt;

/// A drift rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    /// The newer side has removed the method.
    PC001,
    /// The newer side has added the method, without a default body.
    PC002,
    /// An argument has another type.
    PC003,
    /// The number of arguments differs.
    PC004,
    /// The result has another type.
    PC005,
    /// One side takes `&self`, the other `&mut self`.
    PC006,
    /// One side is `async`, or stays on its thread, and the other does not.
    PC007,
    /// The host relies on a thread bound that the plugin does not promise.
    PC009,
    /// What a method is to the kernel differs.
    PC013,
    /// A type has other fields.
    PC102,
    /// An enum that plugins return has variants that one side does not know.
    PC104,
    /// An enum that plugins take has variants that one side does not know.
    PC105,
    /// A variant is gone, or has another number.
    PC106,
    /// A name stands for another type, though the signature reads the same.
    PC108,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
