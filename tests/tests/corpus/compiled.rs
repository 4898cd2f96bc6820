//! Mutants under rustc, each beside the lock of its base.
//!
//! In: a mutant and a lock. Out: nothing, or what is wrong with what rustc said.

use std::ops::Range;

use cargo_metadata::diagnostic::Diagnostic;

use crate::build::{Package, underlined};
use crate::draft::Mutant;

/// What is wrong, if anything is.
pub(crate) fn wrong(mutant: &Mutant, lock: &str) -> Option<String> {
    let said = Package::new(&mutant.source, lock).check();
    let mut found: Vec<_> = said.iter().map(|error| (code(error), underlined(error))).collect();
    found.sort_by_key(|(code, at)| (at.start, at.end, code.clone()));
    if mutant.shadows {
        // Each type and each contract has its own macro, and none of them knows what another said.
        let right =
            !found.is_empty() && found.iter().all(|(code, _)| matches!(code.as_str(), "PC108" | "PC102"));
        return (!right).then(|| format!("expected PC108 and PC102, got {}", show(mutant, &found)));
    }
    let expected: Vec<_> = mutant.of_rustc().map(|one| (one.code.clone(), one.at.clone())).collect();
    if mutant.is_unwritable() {
        // What cannot be written leaves traces: the trait is as rustc reads it.
        found.retain(|(code, _)| code.starts_with('P'));
    }
    (found != expected).then(|| format!("expected {}, got {}", show(mutant, &expected), show(mutant, &found)))
}

/// `PC003` of `contract drift [PC003], …`, else rustc's own.
fn code(error: &Diagnostic) -> String {
    let text = error.message.strip_prefix("evaluation panicked: ").unwrap_or(&error.message);
    let text = text.strip_prefix("contract drift ").unwrap_or(text);
    match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        Some((code, _)) => code.to_owned(),
        None => error.message.lines().next().unwrap_or_default().to_owned(),
    }
}

fn show(mutant: &Mutant, said: &[(String, Range<usize>)]) -> String {
    let one = |(code, at): &(String, Range<usize>)| {
        format!("{code} at {}..{} `{}`", at.start, at.end, mutant.source.get(at.clone()).unwrap_or("?"))
    };
    let all: Vec<_> = said.iter().map(one).collect();
    if all.is_empty() { "nothing".to_owned() } else { all.join(", ") }
}
