//! Every single change of a dozen contracts: no drift passes, and nothing is accused falsely.
//!
//! Each mutant is a base with one thing changed, and knows what must be found in it, and where.

mod bases;
mod build;
mod compiled;
mod draft;
mod loaded;
mod mutate;
mod parsed;
mod promise;
mod sample;
mod words;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use plugin_gen::lock::{self, Level};
use plugin_gen::report::Code;

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

/// Every mutant, made once.
static MUTANTS: LazyLock<Vec<Mutant>> = LazyLock::new(mutate::all);

#[test]
fn words_prove_what_they_can_and_accuse_nobody_else() {
    let mutants = &*MUTANTS;
    let locks: Vec<_> = BASES.iter().map(bases::Base::lock).collect();
    let mut kinds = BTreeMap::<String, usize>::new();
    mutants.iter().for_each(|mutant| *kinds.entry(mutant.kind()).or_default() += 1);
    let judged = two_at_a_time(mutants, |mutant| words::wrong(mutant, &locks[mutant.base]));
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
    let mutants = &*MUTANTS;
    let locks: Vec<_> = BASES.iter().map(|base| base.lock().to_string()).collect();
    let mut sample = sample::of(mutants.iter(), 220);
    // The largest kind, and the worst to be wrong about.
    sample.extend(sample::of(mutants.iter().filter(|mutant| mutant.kind() == "silent"), 80));
    let judged = two_at_a_time(&sample, |mutant| compiled::wrong(mutant, &locks[mutant.base]));
    hold("rustc", &sample, judged);
}

#[test]
fn hosts_and_plugins_of_both_sides_work_or_are_refused_as_the_rules_say() {
    let breaks = |mutant: &&Mutant| {
        let rules: Vec<_> = mutant.of_rustc().filter_map(|one| lock::rule(Code::parse(&one.code)?)).collect();
        rules.iter().any(|rule| matches!(rule.level, Level::SourceBreaking | Level::Breaking))
    };
    let mut sample = sample::of(MUTANTS.iter().filter(breaks), 60);
    // Names of arguments and of traits are nobody's business.
    let named = MUTANTS.iter().filter(|mutant| mutant.is_silent() && mutant.what.ends_with("another name"));
    let (arguments, traits): (Vec<_>, Vec<_>) = named.partition(|mutant| mutant.what.contains("argument"));
    sample.extend(arguments.iter().step_by(40).chain(traits.iter().step_by(4)));
    let met = loaded::meet(&sample);
    let count = |refused: fn(&loaded::Pair) -> bool| met.iter().filter(|pair| refused(pair)).count();
    println!("{} pairs each way", met.len());
    println!("old plugins refused by new hosts: {}", count(|pair| pair.old_plugin.is_err()));
    println!("new plugins refused by old hosts: {}", count(|pair| pair.new_plugin.is_err()));
    let judged = sample.iter().zip(&met).map(|(mutant, pair)| loaded::wrong(mutant, pair));
    hold("pairs", &sample, judged.collect());
}
