//! Some of the mutants, of every kind and every base, always the same.

use std::collections::BTreeMap;

use crate::draft::Mutant;

/// This many of each kind at least, as far as there are, spread over the bases; `wanted` in all, or some more.
pub(crate) fn of<'a>(mutants: impl Iterator<Item = &'a Mutant>, wanted: usize) -> Vec<&'a Mutant> {
    let mut kinds = BTreeMap::<String, Vec<&Mutant>>::new();
    for mutant in mutants {
        kinds.entry(mutant.kind()).or_default().push(mutant);
    }
    let mut share = 1;
    let count = |share: usize| kinds.values().map(|of| of.len().min(share)).sum::<usize>();
    let all = count(usize::MAX);
    while count(share) < wanted.min(all) {
        share += 1;
    }
    kinds.values().flat_map(|of| spread(of, share)).collect()
}

/// So many of them, from the first to the last at even steps.
fn spread<'a>(of: &[&'a Mutant], wanted: usize) -> Vec<&'a Mutant> {
    let count = wanted.min(of.len());
    // Not a multiple of the number of mutants that an element has: the steps would meet the same one each time.
    (0..count).map(|at| of[at * of.len() / count]).collect()
}
