//! A problem: what it is, whom it hurts, what to do.
//!
//! In: nothing; the rules fill it. Out: plain data. It does not print.

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Worth knowing.
    Note,
    /// It works, and will hurt some day.
    Warning,
    /// A host cannot load it, or should not.
    Error,
}

impl Level {
    /// As in `error`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Something about a library that a host will feel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Its name, as in `executable-stack`: stable, for programs.
    pub(crate) rule: &'static str,
    /// How much it matters.
    pub(crate) level: Level,
    /// What it is, in one sentence.
    pub(crate) what: String,
    /// Why that hurts a host.
    pub(crate) why: &'static str,
    /// What to do.
    pub(crate) help: &'static str,
    /// The symbols, libraries or directories that it is about; may be empty.
    pub(crate) about: Vec<String>,
}

impl Problem {
    /// A problem of the library itself.
    pub(super) fn new(
        level: Level,
        rule: &'static str,
        what: impl Into<String>,
        why: &'static str,
        help: &'static str,
    ) -> Self {
        Self { rule, level, what: what.into(), why, help, about: Vec::new() }
    }

    /// The same, with names.
    pub(super) fn about(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.about = names.into_iter().map(Into::into).collect();
        self
    }
}
