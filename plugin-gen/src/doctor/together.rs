//! Libraries in one process: what each is alone, and they are not together.
//!
//! In: several libraries, by name. Out: problems between them. It does not know what each is for.

use std::collections::BTreeMap;

use super::dynamic::Libc;
use super::library::Library;
use super::problem::Problem;
use super::rule::Rule;

/// A library, its name, and its entries, which are looked up in it alone and so may have one name in several.
#[derive(Clone, Copy)]
pub(crate) struct Named<'a> {
    /// What it is called in messages.
    pub(crate) name: &'a str,
    /// What it is.
    pub(crate) library: &'a Library,
    /// Its entry symbols.
    pub(crate) entries: &'a [String],
}

/// Everything that is to be said of these libraries in one process.
pub(crate) fn together(all: &[Named<'_>]) -> Vec<Problem> {
    let shared: Vec<_> = all.iter().filter(|one| one.library.is_shared).copied().collect();
    [machines(&shared), c_libraries(&shared), symbols(&shared)].into_iter().flatten().collect()
}

/// Libraries by what tells them apart, as `x (a.so, b.so)`.
fn groups<'a>(all: &[Named<'a>], of: impl Fn(&Named<'a>) -> Option<&'a str>) -> Vec<String> {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in all {
        if let Some(group) = of(one) {
            groups.entry(group).or_default().push(one.name);
        }
    }
    let shown = groups.into_iter().map(|(group, names)| format!("{group} ({})", names.join(", ")));
    shown.collect()
}

fn machines(all: &[Named<'_>]) -> Option<Problem> {
    let groups = groups(all, |one| Some(&one.library.architecture));
    let why = "no host loads all of them";
    let help = "build all of them for the host's target";
    (groups.len() > 1).then(|| {
        Problem::new(Rule::DifferentMachines, "they are for different machines", why, help).about(groups)
    })
}

fn c_libraries(all: &[Named<'_>]) -> Option<Problem> {
    let known = |one: &Named<'_>| {
        let libc = one.library.dynamic.libc;
        (libc != Libc::Neither).then_some(libc.name())
    };
    let groups = groups(all, known);
    let why = "two C libraries cannot live in one process: a host loads the ones or the others";
    let help = "build all of them for the host's target";
    (groups.len() > 1).then(|| {
        Problem::new(Rule::DifferentCLibraries, "they need different C libraries", why, help).about(groups)
    })
}

fn symbols(all: &[Named<'_>]) -> Option<Problem> {
    let mut owners: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in all {
        // What is weak is meant to be there several times: templates, inline functions, std's runtime.
        let strong = one.library.symbols.exports.iter().filter(|export| !export.weak);
        for export in strong.filter(|export| !one.entries.contains(&export.name)) {
            owners.entry(&export.name).or_default().push(one.name);
        }
    }
    let shared = owners.into_iter().filter(|(_, owners)| owners.len() > 1);
    let shared: Vec<_> = shared.map(|(name, owners)| format!("{name} ({})", owners.join(", "))).collect();
    let what = format!("several of them export the same symbols ({})", shared.len());
    let why = "where one needs the other, or a host opens them with RTLD_GLOBAL, the first that was loaded wins for all";
    let help = "export the entry alone: `-fvisibility=hidden`, no `#[no_mangle]`, or a version script";
    (!shared.is_empty()).then(|| Problem::new(Rule::CollidingSymbols, what, why, help).about(shared))
}
