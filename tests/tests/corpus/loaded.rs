//! Mutants that are built, and meet what was built from their bases: old plugins in new hosts, new plugins in old hosts.
//!
//! In: mutants. Out: what became of each pair. The old host is the test itself, which holds the bases as modules; the new
//! host is one program with every mutant as a module. No lock is compared: nobody but the host refuses.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use plugin_gen::lock::{Outcome, rule};
use plugin_gen::report::Code;
use syn::{Item, TraitItem};

use crate::bases::BASES;
use crate::build::{Kind, Package, two_at_a_time};
use crate::draft::Mutant;

/// What became of a pair: nothing, or why it was refused.
pub(crate) type Met = Result<(), String>;

/// What became of an old plugin in the new host, and of a new plugin in the old host.
pub(crate) struct Pair {
    pub(crate) old_plugin: Met,
    pub(crate) new_plugin: Met,
}

/// Something to build.
enum Job<'a> {
    Host,
    Old(usize, usize),
    New(&'a Mutant),
}

/// Builds both sides of each, and lets them meet.
pub(crate) fn meet(mutants: &[&Mutant]) -> Vec<Pair> {
    let mut old: Vec<_> = mutants.iter().map(|mutant| (mutant.base, mutant.contract)).collect();
    old.sort_unstable();
    old.dedup();
    // The host takes longest.
    let mut jobs = vec![Job::Host];
    jobs.extend(old.iter().map(|(base, contract)| Job::Old(*base, *contract)));
    jobs.extend(mutants.iter().map(|mutant| Job::New(mutant)));
    let mut built = two_at_a_time(&jobs, |job| {
        let (source, kind) = match job {
            Job::Host => (host(mutants), Kind::Host),
            Job::Old(base, contract) => (plugin(BASES[*base].text, *contract), Kind::Plugin),
            Job::New(mutant) => (plugin(&mutant.source, mutant.contract), Kind::Plugin),
        };
        let package = Package::new(&source, "");
        let file = package.build(kind);
        (package, file)
    });
    let new = built.split_off(1 + old.len());
    let place = |mutant: &Mutant| old.iter().position(|one| *one == (mutant.base, mutant.contract));
    let old_plugins = mutants.iter().map(|mutant| &built[1 + place(mutant).expect("it was built")].1);
    let met = in_new_host(&built[0].1, old_plugins);
    let pair = |((mutant, (_, plugin)), old_plugin): ((&&Mutant, &(Package, PathBuf)), Met)| {
        let new_plugin = BASES[mutant.base].load(mutant.contract, plugin);
        Pair { old_plugin, new_plugin }
    };
    mutants.iter().zip(&new).zip(met).map(pair).collect()
}

/// What is wrong with what became of a pair, by the table of rules.
pub(crate) fn wrong(mutant: &Mutant, pair: &Pair) -> Option<String> {
    let (old, new) = expected(mutant);
    let differ = |who: &str, expected: Outcome, met: &Met| {
        let right = match expected {
            Outcome::Works => met.is_ok(),
            Outcome::Refused => met.is_err(),
            Outcome::Depends => true,
        };
        let got = met.as_ref().map_or_else(|why| why.replace('\n', " | "), |()| "it works".to_owned());
        (!right).then(|| format!("{who}: expected {expected}, got: {got}"))
    };
    differ("old plugin in new host", old, &pair.old_plugin)
        .or_else(|| differ("new plugin in old host", new, &pair.new_plugin))
}

/// What the rules say of both pairs: of several changes the worst.
pub(crate) fn expected(mutant: &Mutant) -> (Outcome, Outcome) {
    let works = |works: bool| if works { Outcome::Works } else { Outcome::Refused };
    if let Some((old, new)) = mutant.pairs {
        return (works(old), works(new));
    }
    let rules = mutant.of_rustc().filter_map(|one| rule(Code::parse(&one.code)?));
    let worst = |one: Outcome, other: Outcome| match (one, other) {
        (Outcome::Refused, _) | (_, Outcome::Refused) => Outcome::Refused,
        (Outcome::Depends, _) | (_, Outcome::Depends) => Outcome::Depends,
        _ => Outcome::Works,
    };
    rules.fold((Outcome::Works, Outcome::Works), |(old, new), rule| {
        (worst(old, rule.old_plugin), worst(new, rule.new_plugin))
    })
}

/// A plugin with this contract: its methods are there, and do nothing.
fn plugin(source: &str, contract: usize) -> String {
    let file = syn::parse_file(source).expect("a mutant that compiles is Rust");
    let traits = file.items.iter().filter_map(|item| match item {
        Item::Trait(item) => Some(item),
        _ => None,
    });
    let found = traits.into_iter().nth(contract).expect("the contract is there");
    let mut text = format!("{source}\npub struct Object;\nimpl {} for Object {{\n", found.ident);
    for item in &found.items {
        let TraitItem::Fn(method) = item else { continue };
        if method.default.is_some() {
            continue;
        }
        for attr in method.attrs.iter().filter(|attr| attr.path().is_ident("cfg")) {
            text += &source[crate::parsed::range(attr)];
        }
        text += &source[crate::parsed::range(&method.sig)];
        text += " { unimplemented!() }\n";
    }
    text += "}\nfn create(_: &::plugin_contracts::PluginContext) -> ::core::result::Result<Object, ::std::string::String> {\n    Ok(Object)\n}\n";
    let _ = writeln!(text, "::plugin_contracts::export_plugin!(dyn {} => create);", found.ident);
    text
}

/// A program that loads the plugins it is given, each as the contract of another module.
fn host(mutants: &[&Mutant]) -> String {
    let (mut text, mut calls) = (String::new(), String::new());
    for (at, mutant) in mutants.iter().enumerate() {
        let file = syn::parse_file(&mutant.source).expect("a mutant that compiles is Rust");
        let traits = file.items.iter().filter_map(|item| match item {
            Item::Trait(item) => Some(&item.ident),
            _ => None,
        });
        let contract = traits.into_iter().nth(mutant.contract).expect("the contract is there");
        let _ = writeln!(text, "pub mod m{at} {{\n{}\npub type Loaded = dyn {contract};\n}}", mutant.source);
        let _ = writeln!(calls, "    load::<m{at}::Loaded>(&mut paths);");
    }
    text + "
fn load<C: ?Sized + plugin_host::Contract>(paths: &mut std::env::Args) {
    let path = paths.next().expect(\"one path for each\");
    // SAFETY: the file was built for this.
    match unsafe { plugin_host::Plugin::<C>::load(path) } {
        Ok(_) => println!(\"it works\"),
        Err(error) => println!(\"{}\", error.to_string().replace('\\n', \" | \")),
    }
}

fn main() {
    let mut paths = std::env::args();
    paths.next();
" + &calls
        + "}\n"
}

fn in_new_host<'a>(host: &PathBuf, plugins: impl Iterator<Item = &'a PathBuf>) -> Vec<Met> {
    let output = Command::new(host).args(plugins).output().expect("the host starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let met = |line: &str| if line == "it works" { Ok(()) } else { Err(line.to_owned()) };
    String::from_utf8_lossy(&output.stdout).lines().map(met).collect()
}
