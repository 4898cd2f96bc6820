//! What a store answers when it cannot do what was asked.
//!
//! In come failures of backends and faults of plugins, out goes one sentence that a person can act on. Knows
//! nothing of the medium: a backend puts the path or the address into the text.

use std::fmt::{self, Write as _};

use plugin_contracts::{PluginFault, PluginType};

/// Why a call did not succeed.
///
/// Exhaustive on purpose: the variants are part of the contract's fingerprint, so one more is a new contract
/// version and never a surprise at run time. A caller may match them all.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub enum StoreError {
    /// Nothing is stored under this key.
    NotFound {
        /// The key that was asked for.
        key: String,
    },
    /// The key breaks the rule that [`check_key`](crate::check_key) applies.
    InvalidKey {
        /// The key as it was given.
        key: String,
        /// What is wrong with it, to be read after "invalid key …:".
        reason: String,
    },
    /// The backend's medium failed: what was being done, on what, and why it failed.
    Io(String),
    /// The plugin failed instead of answering, by a panic for instance: the host's account of it.
    Fault(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { key } => write!(f, "nothing is stored under {}", Shown(key)),
            Self::InvalidKey { key, reason } => write!(f, "invalid key {}: {reason}", Shown(key)),
            Self::Io(what) => write!(f, "the store's medium failed: {what}"),
            Self::Fault(what) => write!(f, "the store's plugin failed: {what}"),
        }
    }
}

impl std::error::Error for StoreError {}

/// Lets the generated stub answer a panic inside a plugin with an error instead of raising it again.
impl From<PluginFault> for StoreError {
    fn from(fault: PluginFault) -> Self {
        Self::Fault(fault.to_string())
    }
}

/// A key as messages show it: quoted, control characters escaped, and cut so that a message stays a line.
struct Shown<'a>(&'a str);

/// How many characters of a key a message repeats.
const SHOWN_CHARS: usize = 80;

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars().take(SHOWN_CHARS) {
            write!(f, "{}", c.escape_debug())?;
        }
        let cut = self.0.chars().nth(SHOWN_CHARS).is_some();
        f.write_str(if cut { "…\"" } else { "\"" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_quotes_the_key_and_escapes_what_would_break_the_line() {
        let error = StoreError::NotFound { key: "a\nb".into() };
        assert_eq!(error.to_string(), r#"nothing is stored under "a\nb""#);
    }

    #[test]
    fn a_message_does_not_repeat_a_long_key_in_full() {
        let exact = StoreError::NotFound { key: "k".repeat(SHOWN_CHARS) }.to_string();
        let longer = StoreError::NotFound { key: "k".repeat(SHOWN_CHARS + 1) }.to_string();
        assert!(exact.ends_with("kk\""), "{exact}");
        assert!(longer.ends_with("kk…\""), "{longer}");
        assert_eq!(longer.chars().count(), exact.chars().count() + 1);
    }
}
