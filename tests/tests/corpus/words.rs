//! The mutants against the locks of their bases, without a compiler.
//!
//! In: a mutant and a lock. Out: nothing, or what is wrong: a rule that is missing, a word that is another, an
//! accusation that is false.

use std::ops::Range;

use plugin_gen::lock::Lock;
use plugin_gen::report::Finding;

use crate::draft::{Expected, Mutant, Net};

/// A code and the bytes it stands at.
type Said = (String, Range<usize>);

/// What is wrong with the findings of a mutant.
pub(crate) fn wrong(mutant: &Mutant, lock: &Lock) -> Option<String> {
    let (mut certain, open) = match plugin_gen::check_source(&mutant.source, lock) {
        Ok(checked) => (checked.findings, checked.open),
        Err(mistakes) => (mistakes, Vec::new()),
    };
    // Another wording is told and does not matter.
    certain.retain(|finding| finding.code.to_string() != "PC020");
    let notes = |finding: &&Finding| !finding.is_error();
    let mut errors: Vec<_> = certain.iter().filter(|finding| finding.is_error()).map(said).collect();
    let mut noted: Vec<_> = certain.iter().filter(notes).map(said).collect();
    let mut open: Vec<_> = open.iter().map(said).collect();
    for list in [&mut errors, &mut noted, &mut open] {
        list.sort_by_key(|(code, at)| (at.start, at.end, code.clone()));
    }
    let of = |nets: &[Net]| -> Vec<Said> {
        let mine = mutant.expected.iter().filter(|one| nets.contains(&one.net));
        mine.map(|Expected { at, code, .. }| (code.clone(), at.clone())).collect()
    };
    let differ = |what: &str, expected: &[Said], found: &[Said]| {
        (expected != found)
            .then(|| format!("{what}: expected {}, got {}", show(mutant, expected), show(mutant, found)))
    };
    let left = of(&[Net::Open, Net::Elsewhere]);
    let missing: Vec<_> = left.iter().filter(|one| !open.contains(one)).cloned().collect();
    differ("errors", &of(&[Net::Words, Net::Check]), &errors)
        .or_else(|| differ("notes", &of(&[Net::Note]), &noted))
        .or_else(|| {
            (!missing.is_empty()).then(|| {
                format!("left to rustc: expected {}, got {}", show(mutant, &missing), show(mutant, &open))
            })
        })
}

fn said(finding: &Finding) -> Said {
    let (start, end) = finding.spans();
    (finding.code.to_string(), start.byte_range().start..end.byte_range().end)
}

fn show(mutant: &Mutant, said: &[Said]) -> String {
    let one = |(code, at): &Said| {
        format!("{code} at {}..{} `{}`", at.start, at.end, mutant.source.get(at.clone()).unwrap_or("?"))
    };
    let all: Vec<_> = said.iter().map(one).collect();
    if all.is_empty() { "nothing".to_owned() } else { all.join(", ") }
}
