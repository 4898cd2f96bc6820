//! One call, there and back.
//!
//! In: both libraries, loaded. Out: rows. It does not know how they were built.

use std::hint::black_box;
use std::path::Path;

use plugin_contracts::Sink;
use plugin_host::Plugin;

use crate::builds::Built;
use crate::contract::{Bench, Extra, Table as Linked};
use crate::race::Race;
use crate::raw::{self, Adds, ByPointer, ByValue, Carries, Functions, Object};
use crate::table::{Goal, Table, Unit};

const ROUNDS: usize = 4001;

pub(crate) fn measure(built: &Built, table: &mut Table) {
    // SAFETY: the file is built by this bench.
    let plugin = unsafe { Plugin::<dyn Bench>::load(&built.ours) }.expect("the measured plugin loads");
    let mut plugin = black_box(plugin);
    let functions = raw::open(&built.raw);
    scalar(&plugin, functions, table);
    owned(&plugin, functions, table);
    lent(&mut plugin, functions, table);
    extra(built, functions, table);
}

/// What costs less than the rows above, each against the same by hand.
fn extra(built: &Built, functions: Functions, table: &mut Table) {
    // SAFETY: the file is built by this bench.
    let load = |path: &Path| black_box(unsafe { Plugin::<dyn Extra>::load(path) }.expect("it loads"));
    let (plugin, lent) = (load(&built.extra), load(&built.lent));
    let raw = black_box(Object::new(functions));
    let by_value: Box<dyn Adds> = black_box(Box::new(ByValue::new(functions)));
    let by_pointer: Box<dyn Adds> = black_box(Box::new(ByPointer::new(functions)));
    let race = Race::default()
        .with("nounwind", || plugin.sum_of(black_box(40), black_box(2)))
        .with("by hand", || by_value.add(black_box(40), black_box(2)))
        .with("by hand with out pointer", || by_pointer.add(black_box(40), black_box(2)));
    let careful: Box<dyn Carries> = black_box(Box::new(ByValue::new(functions)));
    let results = race.run(ROUNDS, 4000);
    let ratio = results.ratio("nounwind", "by hand");
    table.row("add, nounwind, against dyn + pointer + flag by hand", Unit::Times, ratio, Goal::AtMost(1.05));
    let ratio = results.ratio("nounwind", "by hand with out pointer");
    table.row("  against the same with an out pointer", Unit::Times, ratio, Goal::None);
    table.note(results.footnote("add, nounwind"));
    for (key, size, sink) in
        [("short", "16 B", Goal::None), ("long", "4000 B", Goal::None), ("page", "4 KiB", Goal::AtMost(0.5))]
    {
        let key = || black_box(key);
        let mut bytes = Vec::new();
        plugin.read(key(), Sink::new(&mut bytes));
        let mut filled = Vec::with_capacity(bytes.len());
        raw.fill(key(), &mut filled);
        assert!(filled == bytes && *careful.get(key()) == *bytes);
        assert!(plugin.buf(key()) == bytes && lent.vec(key()) == bytes && !bytes.is_empty());
        let race = Race::default()
            .with("Vec", || see(&plugin.vec(key())))
            .with("Buf", || see(&plugin.buf(key())))
            .with("lent", || see(&lent.vec(key())))
            .with("lent, Buf", || see(&lent.buf(key())))
            .with("Sink", || {
                bytes.clear();
                plugin.read(key(), Sink::new(&mut bytes));
                see(&bytes);
            })
            .with("by hand", || see(&careful.get(key())))
            .with("filled by hand", || {
                filled.clear();
                raw.fill(key(), &mut filled);
                see(&filled);
            })
            .with("raw", || raw.get(key(), see));
        let results = race.run(ROUNDS, 250);
        let goal = Goal::AtMost(1.05);
        let against = |name| results.ratio(name, "raw");
        table.row(
            &format!("get {size} -> Buf, against raw read in place"),
            Unit::Times,
            against("Buf"),
            goal,
        );
        let ratio = results.ratio("Buf", "by hand");
        table.row("  -> Buf, against the same checked by hand", Unit::Times, ratio, Goal::None);
        table.row("  -> Vec<u8> in lent memory", Unit::Times, against("lent"), goal);
        table.row("  -> Buf in lent memory", Unit::Times, against("lent, Buf"), Goal::None);
        table.row("  into a Sink", Unit::Times, against("Sink"), Goal::None);
        let ratio = results.ratio("Sink", "Vec");
        table.row("  into a Sink, against -> Vec<u8>", Unit::Times, ratio, sink);
        let ratio = results.ratio("Sink", "filled by hand");
        table.row("  into a Sink, against a buffer filled by hand", Unit::Times, ratio, Goal::None);
        table.note(results.footnote(&format!("get {size}, extra")));
    }
}

/// Whoever called looks at the bytes. At each word by itself: both at once would wait for what the other side wrote one by one.
fn see(bytes: &[u8]) {
    black_box(bytes.as_ptr());
    black_box(bytes.len());
}

fn scalar(plugin: &Plugin<dyn Bench>, functions: Functions, table: &mut Table) {
    let raw = black_box(Object::new(functions));
    let linked: Box<dyn Bench> = black_box(Box::new(Linked::new()));
    let by_value: Box<dyn Adds> = black_box(Box::new(ByValue::new(functions)));
    let by_pointer: Box<dyn Adds> = black_box(Box::new(ByPointer::new(functions)));
    let sum = |add: &dyn Fn(u64, u64) -> u64| assert_eq!(add(40, 2), 42);
    sum(&|a, b| plugin.add(a, b));
    sum(&|a, b| by_pointer.add(a, b));
    let race = Race::default()
        .with("plugin", || plugin.add(black_box(40), black_box(2)))
        .with("by hand", || by_value.add(black_box(40), black_box(2)))
        .with("by hand with out pointer", || by_pointer.add(black_box(40), black_box(2)))
        .with("raw", || raw.add(black_box(40), black_box(2)))
        .with("linked in", || linked.add(black_box(40), black_box(2)));
    let results = race.run(ROUNDS, 4000);
    let over = results.over("plugin", "by hand");
    table.row(
        "add, guarded, over dyn + pointer + flag by hand",
        Unit::MoreNanoseconds,
        over,
        Goal::AtMost(1.2),
    );
    let over = results.over("plugin", "by hand with out pointer");
    table.row("  over the same with an out pointer", Unit::MoreNanoseconds, over, Goal::None);
    table.row("  against a raw pointer", Unit::Times, results.ratio("plugin", "raw"), Goal::None);
    table.row("  against a linked-in dyn", Unit::Times, results.ratio("plugin", "linked in"), Goal::None);
    table.note(results.footnote("add"));
}

/// A page and a little less: glibc puts the copy of a page 4112 bytes behind it, where each load waits for a store whose
/// address looks the same to the processor. That is no cost of the road: the copy by hand pays it, and more than ours does.
fn owned(plugin: &Plugin<dyn Bench>, functions: Functions, table: &mut Table) {
    let raw = black_box(Object::new(functions));
    let linked: Box<dyn Bench> = black_box(Box::new(Linked::new()));
    let goal = Goal::AtMost(2.1);
    for (key, size, goal) in
        [("short", "16 B", Goal::None), ("long", "4000 B", goal), ("page", "4 KiB", goal)]
    {
        let key = || black_box(key);
        assert_eq!(raw.get(key(), <[u8]>::to_vec), plugin.get(key()));
        assert_eq!(raw.try_get(key(), <[u8]>::to_vec), plugin.try_get(key()).ok());
        let race = Race::default()
            .with("plugin", || see(&plugin.get(key())))
            .with("plugin, Result", || see(&plugin.try_get(key()).unwrap_or_default()))
            .with("raw", || raw.get(key(), see))
            .with("raw, Result", || raw.try_get(key(), see).unwrap_or_default())
            .with("raw and a copy", || see(&raw.get(key(), <[u8]>::to_vec)))
            .with("linked in", || see(&linked.get(key())));
        let results = race.run(ROUNDS, 250);
        let ratio = results.ratio("plugin", "raw");
        table.row(&format!("get {size} -> Vec<u8>, against raw read in place"), Unit::Times, ratio, goal);
        let ratio = results.ratio("plugin, Result", "raw, Result");
        table.row("  -> Result<Vec<u8>, _>, against the same", Unit::Times, ratio, goal);
        let ratio = results.ratio("plugin", "raw and a copy");
        table.row("  -> Vec<u8>, against raw copied by hand", Unit::Times, ratio, Goal::None);
        table.note(results.footnote(&format!("get {size}")));
    }
}

fn lent(plugin: &mut Plugin<dyn Bench>, functions: Functions, table: &mut Table) {
    let mut raw = black_box(Object::new(functions));
    let mut careful: Box<dyn Carries> = black_box(Box::new(ByValue::new(functions)));
    let mut linked: Box<dyn Bench> = black_box(Box::new(Linked::new()));
    let value = [7; 16];
    let race = Race::default()
        .with("plugin", || plugin.put(black_box("kept"), black_box(&value)))
        .with("by hand", || careful.put(black_box("kept"), black_box(&value)))
        .with("raw", || raw.put(black_box("kept"), black_box(&value)))
        .with("linked in", || linked.put(black_box("kept"), black_box(&value)));
    let results = race.run(ROUNDS, 1000);
    table.row("put 16 B, against raw", Unit::Times, results.ratio("plugin", "raw"), Goal::None);
    let ratio = results.ratio("plugin", "by hand");
    table.row("  against the same checked by hand", Unit::Times, ratio, Goal::AtMost(1.1));
    table.row("  over raw", Unit::MoreNanoseconds, results.over("plugin", "raw"), Goal::None);
    table.note(results.footnote("put 16 B"));
}
