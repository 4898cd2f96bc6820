//! A problem: what it is, whom it hurts, what to do.
//!
//! In: nothing; the rules fill it. Out: plain data. It does not print.

use std::borrow::Cow;

use super::rule::Rule;

/// Something about a library that a host will feel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Which one: how much it matters, and what there is to be said of it.
    pub(crate) rule: Rule,
    /// What it is, in one sentence.
    pub(crate) what: String,
    /// Why that hurts a host.
    pub(crate) why: &'static str,
    /// What to do.
    pub(crate) help: Cow<'static, str>,
    /// The symbols, libraries or directories that it is about; may be empty.
    pub(crate) about: Vec<String>,
}

impl Problem {
    /// A problem of the library itself.
    pub(super) fn new(
        rule: Rule,
        what: impl Into<String>,
        why: &'static str,
        help: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { rule, what: what.into(), why, help: help.into(), about: Vec::new() }
    }

    /// The same, with names.
    pub(super) fn about(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.about = names.into_iter().map(Into::into).collect();
        self
    }
}
