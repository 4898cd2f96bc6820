//! The table.
//!
//! In: what was measured. Out: Markdown. It does not know what a row means.

use std::fmt::{self, Display};

use crate::race::{Of, Results};

/// The sides, as they stand in the table. Everything is held against the first.
pub(crate) const NAMES: [&str; 3] = ["libbpf", "ours", "aya"];

/// What a figure counts.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    Nanoseconds,
    Microseconds,
    Milliseconds,
    /// Millions of events a second; of nanoseconds an event.
    Millions,
}

impl Unit {
    fn show(self, nanoseconds: f64) -> String {
        match self {
            Self::Nanoseconds => format!("{nanoseconds:.0} ns"),
            Self::Microseconds => format!("{:.2} µs", nanoseconds / 1e3),
            Self::Milliseconds => format!("{:.2} ms", nanoseconds / 1e6),
            Self::Millions => format!("{:.2} M/s", 1e3 / nanoseconds),
        }
    }
}

/// One thing that was measured, on every side that can do it.
pub(crate) struct Row {
    what: String,
    /// The figure, and the ratio to the first side where there is one.
    cells: [Result<(Option<f64>, String), &'static str>; NAMES.len()],
}

impl Row {
    /// All who ran; of the others, why they did not.
    pub(crate) fn of(what: &str, unit: Unit, of: Of, results: &Results, why: &'static str) -> Self {
        let base = NAMES[0];
        let cells = NAMES.map(|name| {
            if !results.has(name) {
                return Err(why);
            }
            let ratio = (name != base).then(|| match unit {
                // More is better there, and the ratio is of what is shown.
                Unit::Millions => 1.0 / results.ratio(name, base, of),
                _ => results.ratio(name, base, of),
            });
            Ok((ratio, unit.show(results.nanoseconds(name, of))))
        });
        Self { what: what.to_owned(), cells }
    }
}

/// Rows, and why some cells are empty.
pub(crate) struct Table(pub(crate) Vec<Row>);

impl Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut reasons: Vec<&str> = Vec::new();
        writeln!(f, "| | {} |", NAMES.join(" | "))?;
        writeln!(f, "| --- |{}", " --- |".repeat(NAMES.len()))?;
        for row in &self.0 {
            write!(f, "| {} |", row.what)?;
            for cell in &row.cells {
                match cell {
                    Ok((Some(ratio), figure)) => write!(f, " **{ratio:.2}x** {figure} |")?,
                    Ok((None, figure)) => write!(f, " {figure} |")?,
                    Err(why) => {
                        let known = reasons.iter().position(|reason| reason == why);
                        let number = known.unwrap_or_else(|| {
                            reasons.push(why);
                            reasons.len() - 1
                        });
                        write!(f, " ({}) |", number + 1)?;
                    }
                }
            }
            writeln!(f)?;
        }
        writeln!(f)?;
        reasons.iter().zip(1..).try_for_each(|(reason, number)| writeln!(f, "{number}. {reason}."))
    }
}
