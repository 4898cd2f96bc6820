//! What went wrong with single files, told at the end: all of it is counted, the first lines are shown.
//! Findings come in one by one, a bounded list on standard error goes out; their sources are not known here.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Write as _};
use std::time::Duration;

use indicatif::HumanBytes;

/// How many findings are shown. The first ones tell what kind of thing went wrong; ten thousand tell no more.
const SHOWN: usize = 20;

/// What can be wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// It could not be read.
    Unreadable,
    /// Its path cannot be a key.
    Unnameable,
    /// What is stored is something else.
    Different,
    /// Nothing is stored under its key.
    Missing,
}

impl Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "unreadable",
            Self::Unnameable => "unnameable",
            Self::Different => "different",
            Self::Missing => "missing",
        })
    }
}

/// All that was found in one run of the command.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    counts: BTreeMap<Kind, u64>,
    lines: Vec<String>,
}

impl Findings {
    /// Notes one finding; `what` names the file and says what is wrong with it.
    pub(crate) fn add(&mut self, kind: Kind, what: impl Display) {
        *self.counts.entry(kind).or_default() += 1;
        if self.lines.len() < SHOWN {
            self.lines.push(format!("{kind}: {}", OneLine(&what.to_string())));
        }
    }

    /// Whether nothing was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Shows the findings on standard error; says whether there are none.
    pub(crate) fn tell(&self) -> bool {
        for line in &self.lines {
            eprintln!("  {line}");
        }
        let more = self.counts.values().sum::<u64>() - self.lines.len() as u64;
        if more > 0 {
            eprintln!("  … and {more} more");
        }
        self.is_empty()
    }

    #[cfg(test)]
    pub(crate) fn count(&self, kind: Kind) -> u64 {
        self.counts.get(&kind).copied().unwrap_or_default()
    }

    #[cfg(test)]
    pub(crate) fn lines(&self) -> &[String] {
        &self.lines
    }
}

/// The findings in a few words, to be read behind a comma: `, 2 unreadable, 1 missing`, or nothing.
impl Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.counts.iter().try_for_each(|(kind, count)| write!(f, ", {count} {kind}"))
    }
}

/// What a command has worked through: `12 files, 3.40 MiB in 0.05 s`.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    pub(crate) time: Duration,
}

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = if self.files == 1 { "file" } else { "files" };
        write!(f, "{} {files}, {} in {:.2} s", self.files, HumanBytes(self.bytes), self.time.as_secs_f64())
    }
}

/// Text from outside, such as a key or a path, with its control characters escaped: it can neither break the
/// line nor drive the terminal.
pub(crate) struct OneLine<'a>(pub(crate) &'a str);

impl Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| {
            if c.is_control() { write!(f, "{}", c.escape_debug()) } else { f.write_char(c) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_findings_are_counted_and_the_first_are_kept() {
        let mut findings = Findings::default();
        for i in 0..SHOWN + 5 {
            findings.add(Kind::Missing, format_args!("file {i}\n\x1b[2J"));
        }
        findings.add(Kind::Unreadable, "last");
        assert_eq!(findings.to_string(), ", 1 unreadable, 25 missing");
        assert_eq!(findings.lines().len(), SHOWN);
        assert_eq!(findings.lines()[0], r"missing: file 0\n\u{1b}[2J");
        assert!(!findings.tell());
        assert!(Findings::default().tell());
    }

    #[test]
    fn a_tally_reads_as_a_sentence() {
        let tally = Tally { files: 1, bytes: 3 << 19, time: Duration::from_millis(1234) };
        assert_eq!(tally.to_string(), "1 file, 1.50 MiB in 1.23 s");
        assert!(Tally::default().to_string().starts_with("0 files, "));
    }
}
