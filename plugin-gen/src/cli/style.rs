//! How things look on a terminal; elsewhere `anstream` takes the colours out.

use anstyle::Style;
use clap_cargo::style::{ERROR, GOOD, HEADER, LITERAL, WARN};

/// `error: …`, every further line indented under it.
pub(super) fn error(message: &str) {
    anstream::eprintln!("{ERROR}error{ERROR:#}: {message}");
}

/// `warning: …`
pub(super) fn warning(message: &str) {
    anstream::eprintln!("{WARN}warning{WARN:#}: {message}");
}

/// `  help: …`
pub(super) fn help(message: &str) {
    anstream::eprintln!("   {GOOD}={GOOD:#} help: {message}");
}

/// What was done, as cargo says it: a green word, right-aligned, on stderr.
pub(super) fn status(word: &str, what: &str) {
    anstream::eprintln!("{GOOD}{word:>12}{GOOD:#} {what}");
}

/// A heading.
pub(super) fn header(text: &str) -> String {
    painted(HEADER, text)
}

/// A name.
pub(super) fn literal(text: &str) -> String {
    painted(LITERAL, text)
}

/// Something that went away.
pub(super) fn removed(text: &str) -> String {
    painted(ERROR, text)
}

/// Something that came.
pub(super) fn added(text: &str) -> String {
    painted(GOOD, text)
}

/// Something beside the matter.
pub(super) fn dim(text: &str) -> String {
    painted(Style::new().dimmed(), text)
}

fn painted(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
