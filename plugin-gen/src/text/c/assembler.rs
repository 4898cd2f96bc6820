//! The part of a note that follows from the contract, as directives for the assembler.
//!
//! In: a record. Out: string literals, a line a type, a method or a member, so that a difference between two headers shows
//! where it is. It does not know the rest of the note: that is the plugin's own.

use plugin_abi::Fingerprint;
use plugin_abi::note::{self, Record, Sink};

/// The lists of types and contracts.
pub(super) fn content(record: &Record) -> String {
    let mut lines = Lines::default();
    note::encode(record, &mut lines);
    lines.end();
    lines.text
}

/// Directives: those of the line that is being written, and the lines before it.
#[derive(Default)]
struct Lines {
    text: String,
    line: String,
    /// What the numbers at the end of the line are.
    directive: &'static str,
}

impl Lines {
    fn number(&mut self, directive: &'static str, value: u64) {
        if self.directive == directive {
            self.line += &format!(", {value}");
        } else {
            self.begin(directive);
            self.line += &value.to_string();
        }
    }

    fn begin(&mut self, directive: &'static str) {
        if !self.line.is_empty() {
            self.line += "; ";
        }
        self.line += &format!("{directive} ");
        self.directive = directive;
    }

    fn end(&mut self) {
        if !self.line.is_empty() {
            self.text += &format!("        \"{}\\n\" \\\n", self.line);
            self.line.clear();
        }
        self.directive = "";
    }
}

impl Sink for Lines {
    fn item(&mut self) {
        self.end();
    }

    fn byte(&mut self, value: u8) {
        self.number(".byte", value.into());
    }

    fn word(&mut self, value: u32) {
        self.number(".long", value.into());
    }

    fn text(&mut self, value: &str) {
        self.number(".long", value.len() as u64);
        if !value.is_empty() {
            self.begin(".ascii");
            let quoted: String = value.bytes().map(quoted).collect();
            self.line += &format!("\\\"{quoted}\\\"");
            // A second text is a directive of its own.
            self.directive = "";
        }
    }

    fn fingerprint(&mut self, value: Fingerprint) {
        for half in value.halves() {
            self.number(".quad", half);
        }
    }
}

/// A byte in a text for the assembler that stands in a text of C.
fn quoted(byte: u8) -> String {
    match byte {
        // Not the question mark: two of them may begin a trigraph.
        b' '..=b'~' if !b"\"\\?".contains(&byte) => char::from(byte).to_string(),
        other => format!("\\\\{other:03o}"),
    }
}
