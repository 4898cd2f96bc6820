//! Calls, there and back.
//!
//! In: the libraries, loaded. Out: rows. It does not know how a side does it.

use std::hint::black_box;

use crate::race::Race;
use crate::sides::{Promises, Side, Sides, Waits};
use crate::table::{Cell, Row, Unit};

const ROUNDS: usize = 2001;
/// How often a plugin calls back in one call.
const TIMES: u64 = 1000;
const PROMISED: &str = "the same, of a function that promises not to panic";
const READY: &str = "a future that is ready: made, polled, dropped";

/// The same expression for each of these sides, with something that each keeps from call to call.
macro_rules! race {
    ($sides:ident: $($name:ident)*, $kept:ident = $first:expr, |$side:ident| $call:expr) => {
        Race::default()$(.with(stringify!($name), {
            let ($side, mut $kept) = (&mut $sides.$name, $first);
            move || $call
        }))*
    };
    ($sides:ident: $($name:ident)*, |$side:ident| $call:expr) => {
        Race::default()$(.with(stringify!($name), { let $side = &mut $sides.$name; move || $call }))*
    };
    ($sides:ident, $($how:tt)*) => {
        race!($sides: raw guarded ours abi_stable stabby cglue, $($how)*)
    };
}

pub(crate) fn measure(sides: Sides) -> Vec<Row> {
    let mut sides = black_box(sides);
    let mut rows = Vec::new();
    let mut row = |what: &str, race: Race<'_>, calls: u32, per_call: u64| {
        let results = race.run(ROUNDS, calls);
        rows.push(Row::of(what, Unit::Nanoseconds, &results, 1.0 / per_call as f64));
    };

    let race = race!(sides, |side| side.add(black_box(40), black_box(2)));
    row("`add(u64, u64) -> u64`", race, 4000, 1);
    let race = race!(sides: raw guarded ours, |side| side.sum(black_box(40), black_box(2)));
    row(PROMISED, race, 4000, 1);
    for (key, size) in [("short", "16 B"), ("long", "4,000 B"), ("page", "4 KiB")] {
        let race = race!(sides, |side| side.get(black_box(key), see));
        row(&format!("`get` {size}, read and dropped"), race, 300, 1);
        let race = race!(sides, |side| side.own(black_box(key)));
        row(&format!("`get` {size}, as a `Vec<u8>` of the host's"), race, 300, 1);
        let race = race!(sides, kept = Vec::new(), |side| {
            side.read(black_box(key), &mut kept);
            see(&kept);
        });
        row(&format!("`get` {size}, into a `Vec<u8>` that is kept"), race, 300, 1);
    }
    let value = &[7; 16];
    let race = race!(sides, |side| side.put(black_box("kept"), black_box(value)));
    row("`put(&str, &[u8])` of 16 B", race, 1000, 1);
    let race = race!(sides, |side| side.each(black_box(TIMES), |number| number ^ 1));
    row("a closure of the host's, one call of 1,000", race, 5, TIMES);
    let race = race!(sides, |side| side.open(black_box(41)));
    row("an object: made, called, dropped", race, 300, 1);
    let race = race!(sides: raw guarded ours stabby cglue, |side| side.ready(black_box(42)));
    row(READY, race, 300, 1);
    for row in &mut rows {
        match &*row.what {
            PROMISED => {
                let same = Cell::Cannot("nothing catches panics in the row above either");
                for name in ["abi_stable", "stabby", "cglue"] {
                    row.set(name, same);
                }
            }
            READY => {
                row.set("abi_stable", Cell::Cannot("no futures; another crate, async-ffi, adds them"));
            }
            _ => {}
        }
    }
    rows
}

/// The host looks at bytes. At each word by itself: both at once would wait for what the other side wrote one by one.
#[inline]
fn see(bytes: &[u8]) {
    black_box(bytes.as_ptr());
    black_box(bytes.len());
}
