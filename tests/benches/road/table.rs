//! The table that is printed.
//!
//! In: what was measured, with goals. Out: aligned text. It does not know what it means.

use std::fmt::{self, Display};

/// How a row is held against its goal.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// At most this.
    AtMost(f64),
    /// Printed for comparison.
    None,
}

/// What a figure counts.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    /// Times what it is compared with.
    Times,
    /// Nanoseconds more than what it is compared with.
    MoreNanoseconds,
    /// Microseconds.
    Microseconds,
    /// Kilobytes more than what it is compared with.
    MoreKilobytes,
    /// Seconds on a processor.
    Seconds,
    /// Things.
    Count,
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Self::Times => format!("{value:.2}x"),
            Self::MoreNanoseconds => format!("{value:+.2} ns"),
            Self::Microseconds => format!("{value:.1} µs"),
            Self::MoreKilobytes => format!("{value:+.1} KB"),
            Self::Seconds => format!("{value:.2} s"),
            Self::Count => format!("{value:.0}"),
        }
    }
}

/// Rows, and footnotes below them.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<[String; 4]>,
    notes: Vec<String>,
}

impl Table {
    pub(crate) fn row(&mut self, what: &str, unit: Unit, value: f64, goal: Goal) {
        let (goal, verdict) = match goal {
            Goal::AtMost(most) => {
                (format!("≤ {}", unit.show(most)), if value <= most { "met" } else { "missed" })
            }
            Goal::None => (String::new(), ""),
        };
        self.rows.push([what.to_owned(), unit.show(value), goal, verdict.to_owned()]);
    }

    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width =
            |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths = [width(0), width(1), width(2)];
        for [what, value, goal, verdict] in &self.rows {
            let [first, second, third] = widths;
            let line = format!("{what:first$}  {value:>second$}  {goal:>third$}  {verdict}");
            writeln!(f, "{}", line.trim_end())?;
        }
        writeln!(f)?;
        self.notes.iter().try_for_each(|note| writeln!(f, "{note}"))
    }
}
