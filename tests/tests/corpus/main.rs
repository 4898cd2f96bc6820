//! Every single change of a dozen contracts: no drift passes, and nothing is accused falsely.
//!
//! Each mutant is a base with one thing changed, and knows what must be found in it, and where.

mod bases;
mod build;
mod compiled;
mod draft;
mod mutate;
mod parsed;
mod promise;
mod sample;
mod words;

use std::collections::BTreeMap;

use crate::bases::BASES;
use crate::build::two_at_a_time;
use crate::draft::Mutant;

/// How many wrong ones are told.
const SHOWN: usize = 20;

/// Prints what is wrong, the first of it.
fn hold(what: &str, mutants: &[&Mutant], judged: Vec<Option<String>>) {
    let silent = mutants.iter().filter(|mutant| mutant.is_silent()).count();
    let wrong: Vec<_> = mutants.iter().zip(judged).filter_map(|(mutant, why)| Some((mutant, why?))).collect();
    println!("{what}: {} mutants, {silent} of them silent, {} wrong", mutants.len(), wrong.len());
    let show = |(mutant, why): &(&&Mutant, String)| {
        let name = BASES[mutant.base].name;
        format!("{} {name}, {}:\n    {why}", mutant.kind(), mutant.what.replace('\n', " "))
    };
    let first: Vec<_> = wrong.iter().take(SHOWN).map(show).collect();
    assert!(
        wrong.is_empty(),
        "{what}: {} of {} are wrong:\n{}",
        wrong.len(),
        mutants.len(),
        first.join("\n")
    );
}

#[test]
fn words_prove_what_they_can_and_accuse_nobody_else() {
    let mutants = mutate::all();
    let locks: Vec<_> = BASES.iter().map(bases::Base::lock).collect();
    let mut kinds = BTreeMap::<String, usize>::new();
    mutants.iter().for_each(|mutant| *kinds.entry(mutant.kind()).or_default() += 1);
    let judged = two_at_a_time(&mutants, |mutant| words::wrong(mutant, &locks[mutant.base]));
    let ends = |sign: &str| {
        kinds.iter().filter(|(kind, _)| kind.ends_with(sign)).map(|(_, count)| count).sum::<usize>()
    };
    println!("{} mutants of {} bases, {} left to rustc", mutants.len(), BASES.len(), ends("?"));
    kinds.iter().for_each(|(kind, count)| println!("{kind:10} {count:5}"));
    assert!(mutants.len() >= 2000, "only {} mutants", mutants.len());
    hold("words", &mutants.iter().collect::<Vec<_>>(), judged);
}

#[test]
fn rustc_says_the_same_once() {
    let mutants = mutate::all();
    let locks: Vec<_> = BASES.iter().map(|base| base.lock().to_string()).collect();
    let sample = sample::of(mutants.iter(), 240);
    let judged = two_at_a_time(&sample, |mutant| compiled::wrong(mutant, &locks[mutant.base]));
    hold("rustc", &sample, judged);
}
