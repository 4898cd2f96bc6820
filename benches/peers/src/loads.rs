//! From a path to an object.
//!
//! In: the libraries, as files. Out: rows. A library that is open already opens for nothing, so every load gets a copy of
//! its own, written and read before the clock starts.

use std::fs;
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

use crate::builds::Built;
use crate::copies::copies;
use crate::race::Race;
use crate::sides::{AbiStable, Cglue, Guarded, NAMES, Ours, Raw, Side, Stabby};
use crate::table::{Cell, Row, Unit};

const ROUNDS: usize = 101;

pub(crate) fn measure(built: &Built) -> Vec<Row> {
    let directory = built.directory.join("loads");
    fs::create_dir_all(&directory).expect("the target directory is writable");
    let rows = vec![first(built, &directory), again(built)];
    fs::remove_dir_all(&directory).expect("what was written can be removed");
    rows
}

/// Each load of another file; nothing is dropped until all are loaded.
fn first(built: &Built, directory: &Path) -> Row {
    let [mut raw, mut guarded, mut ours, mut abi_stable, mut stabby, mut cglue] =
        copies(NAMES.map(|name| (built.library(name), name)), directory, ROUNDS);
    let mut kept = (
        Vec::<Raw>::new(),
        Vec::<Guarded>::new(),
        Vec::<Ours>::new(),
        Vec::<AbiStable>::new(),
        Vec::<Stabby>::new(),
        Vec::<Cglue>::new(),
    );
    let race = Race::default()
        .with("raw", || kept.0.push(load(&mut raw)))
        .with("guarded", || kept.1.push(load(&mut guarded)))
        .with("ours", || kept.2.push(load(&mut ours)))
        .with("abi_stable", || kept.3.push(load(&mut abi_stable)))
        .with("stabby", || kept.4.push(load(&mut stabby)))
        .with("cglue", || kept.5.push(load(&mut cglue)));
    let results = race.run(ROUNDS, 1);
    Row::of("load, up to the object", Unit::Microseconds, &results, 1e-3)
}

/// Loads and drops one file over and over, where that unloads it.
fn again(built: &Built) -> Row {
    const STAYS: Cell = Cell::Cannot("the code stays mapped when the object is dropped");
    let mut race = Race::default();
    let mut stay = Vec::new();
    macro_rules! enter {
        ($name:literal, $side:ty) => {
            let path = built.library($name);
            if unloads::<$side>(path) {
                race = race.with($name, || drop(<$side>::load(path)));
            } else {
                stay.push($name);
            }
        };
    }
    enter!("raw", Raw);
    enter!("guarded", Guarded);
    enter!("ours", Ours);
    enter!("abi_stable", AbiStable);
    enter!("stabby", Stabby);
    enter!("cglue", Cglue);
    let mut row = Row::of("load, drop, unload, again", Unit::Microseconds, &race.run(ROUNDS, 1), 1e-3);
    stay.into_iter().for_each(|name| row.set(name, STAYS));
    row
}

fn unloads<S: Side>(path: &Path) -> bool {
    drop(S::load(path));
    let maps = fs::read_to_string("/proc/self/maps").expect("the system has procfs");
    !maps.contains(&path.display().to_string())
}

fn load<S: Side>(copies: &mut IntoIter<PathBuf>) -> S {
    S::load(&copies.next().expect("there is a copy for each round"))
}
