//! The table.
//!
//! In: what was measured. Out: Markdown. It does not know what a row means.

use std::fmt::{self, Display};

use crate::race::Results;
use crate::sides::NAMES;

/// What a figure counts.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    /// Of a call.
    Nanoseconds,
    /// Of a load.
    Microseconds,
    /// 1,000 bytes.
    Kilobytes,
    /// On a processor.
    Seconds,
    /// Things.
    Count,
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Self::Nanoseconds if value < 10.0 => format!("{value:.2} ns"),
            Self::Nanoseconds => format!("{value:.0} ns"),
            Self::Microseconds => format!("{value:.0} µs"),
            Self::Kilobytes => format!("{value:.0} KB"),
            Self::Seconds => format!("{value:.1} s"),
            Self::Count => format!("{value:.0}"),
        }
    }
}

/// What stands in a column.
#[derive(Clone, Copy)]
pub(crate) enum Cell {
    /// Against raw, with the figure itself.
    Ratio { ratio: f64, value: f64, unit: Unit },
    /// A figure where a ratio says nothing.
    Plain(f64, Unit),
    /// Not to be had, and why.
    Cannot(&'static str),
}

/// One thing that was measured, on every side.
pub(crate) struct Row {
    pub(crate) what: String,
    cells: [Cell; NAMES.len()],
}

impl Row {
    pub(crate) fn new(what: &str) -> Self {
        Self { what: what.to_owned(), cells: [Cell::Cannot("not measured"); NAMES.len()] }
    }

    /// All who ran. `scale` turns nanoseconds of a run into what is shown.
    pub(crate) fn of(what: &str, unit: Unit, results: &Results, scale: f64) -> Self {
        let mut row = Self::new(what);
        for name in NAMES.into_iter().filter(|name| results.has(name)) {
            let (ratio, value) = (results.ratio(name, NAMES[0]), scale * results.nanoseconds(name));
            row.set(name, Cell::Ratio { ratio, value, unit });
        }
        row
    }

    pub(crate) fn set(&mut self, name: &str, cell: Cell) {
        let at = NAMES.iter().position(|known| *known == name).expect("it is one of the sides");
        self.cells[at] = cell;
    }

    /// The ratios of all but raw, for a chart; none if this row has no ratios.
    pub(crate) fn ratios(&self) -> Option<Vec<(&'static str, Option<f64>)>> {
        let ratio = |cell: &Cell| match cell {
            Cell::Ratio { ratio, .. } => Some(*ratio),
            _ => None,
        };
        let ratios: Vec<_> = NAMES.into_iter().zip(self.cells.iter().map(ratio)).skip(1).collect();
        ratios.iter().any(|(_, ratio)| ratio.is_some()).then_some(ratios)
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
            for (at, cell) in row.cells.iter().enumerate() {
                match cell {
                    Cell::Ratio { value, unit, .. } if at == 0 => write!(f, " {} |", unit.show(*value))?,
                    Cell::Ratio { ratio, value, unit } => {
                        write!(f, " **{ratio:.2}x** {} |", unit.show(*value))?;
                    }
                    Cell::Plain(value, unit) => write!(f, " {} |", unit.show(*value))?,
                    Cell::Cannot(why) => {
                        let known = reasons.iter().position(|reason| reason == why);
                        let number = known.unwrap_or_else(|| {
                            reasons.push(why);
                            reasons.len() - 1
                        });
                        write!(f, " cannot ({}) |", number + 1)?;
                    }
                }
            }
            writeln!(f)?;
        }
        writeln!(f)?;
        reasons.iter().zip(1..).try_for_each(|(reason, number)| writeln!(f, "{number}. {reason}."))
    }
}
