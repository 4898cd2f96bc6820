//! From a path to an object.
//!
//! In: both libraries, as files. Out: rows. A library that is open already opens for nothing, so every load gets a copy
//! of its own, written and read before the clock starts.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use plugin_abi::note::{Record, decode};
use plugin_host::{Contract, LoadError, Plugin, handshake};
use plugin_tests::elf;

// As a host has it: a plugin that was built against the very crate is compared byte for byte.
use bench_contract::{Absent, Bench};

use crate::builds::Built;
use crate::copies::copies;
use crate::race::Race;
use crate::raw;
use crate::table::{Goal, Table, Unit};

const ROUNDS: usize = 101;

pub(crate) fn measure(built: &Built, table: &mut Table) {
    let directory = tempfile::tempdir_in(plugin_tests::target()).expect("the target directory is writable");
    let files = [(&built.ours, "ours"), (&built.ours, "noted"), (&built.ours, "opened"), (&built.raw, "raw")];
    let files = files.map(|(file, name)| (file.as_path(), name));
    let [mut ours, mut noted, mut opened, mut by_hand] = copies(files, directory.path(), ROUNDS);
    let library = elf::Library::read(&built.ours);
    let note = library.export_note();
    let (symbol, record) = symbol_and_record(&library, note);
    let mut loaded = Vec::with_capacity(ROUNDS);
    let race = Race::default()
        .with("load", || loaded.push(load(&next(&mut ours))))
        .with("raw dlopen", || raw::open(&next(&mut by_hand)))
        .with("its dlopen", || open(&next(&mut opened), &symbol))
        .with("note", || refuse(&next(&mut noted)))
        .with("decode", || decode(note.kind, library.desc(note)))
        .with("handshake", || handshake::bind(<dyn Bench as Contract>::DESC, &record, &record.contracts[0]));
    let results = race.run(ROUNDS, 1);
    let ratio = results.ratio("load", "raw dlopen");
    table.row("load with handshake, against raw dlopen + dlsym", Unit::Times, ratio, Goal::AtMost(1.1));
    // Where the linker's page boundaries fall is luck, and a page more or less to be faulted in is a tenth of the time.
    let ratio = results.ratio("load", "its dlopen");
    table.row("  against dlopen + dlsym of the same file", Unit::Times, ratio, Goal::None);
    let microseconds = |name| results.nanoseconds(name) / 1000.0;
    for (name, what) in [
        ("note", "  a load that is refused once the note was read"),
        ("decode", "    of it: decode the note"),
        ("handshake", "  of it: handshake"),
        ("its dlopen", "  of it: dlopen, dlsym"),
    ] {
        table.row(what, Unit::Microseconds, microseconds(name), Goal::None);
    }
    let rest = results.over("load", "its dlopen") / 1000.0;
    table.row("  of it: everything else", Unit::Microseconds, rest, Goal::None);
    table.note(results.footnote("load"));
}

fn next(copies: &mut IntoIter<PathBuf>) -> PathBuf {
    copies.next().expect("there is a copy for each round")
}

fn symbol_and_record(library: &elf::Library, note: elf::NoteAt) -> (String, Record) {
    let record = decode(note.kind, library.desc(note)).expect("the note is whole");
    (record.symbol.clone(), record)
}

fn load(path: &Path) -> Plugin<dyn Bench> {
    // SAFETY: the file is built by this bench.
    unsafe { Plugin::load(path) }.expect("it loads")
}

fn open(path: &Path, symbol: &str) {
    // SAFETY: the file is built by this bench.
    let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.expect("it opens");
    // SAFETY: the pointer is not followed.
    let found = unsafe { library.get::<*const ()>(symbol.as_bytes()) };
    black_box(found.expect("it has the symbol").as_raw_ptr());
    std::mem::forget(library);
}

/// A load that ends once the note was read.
fn refuse(path: &Path) {
    // SAFETY: the file is built by this bench, and nothing of it runs.
    let refused = unsafe { Plugin::<dyn Absent>::load(path) }.expect_err("it has no such contract");
    assert!(matches!(refused, LoadError::ContractAbsent { .. }), "{refused}");
}
