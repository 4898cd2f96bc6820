//! Events: how long each is under way, and how many arrive in a second.
//!
//! In: the objects. Out: rows. A program notes the time as the last thing before it sends; whoever hears notes it as the first thing
//! with the typed event in hand. Both sides run on a processor of their own.

use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use libbpf_rs::RingBufferBuilder;
use plugin_host::Plugin;

use crate::contracts::{Seen, Whole};
use crate::objects::Objects;
use crate::race::{Of, Race, Results, Times};
use crate::raw;
use crate::sides::{AyaRing, Libbpf, Ours, Side, Way, read};
use crate::table::{Row, Unit};

const ROUNDS: usize = 11;

const WAYS: [(Way, &str); 4] = [
    (Way::Spins, "the consumer spins"),
    (Way::SpinsForOne, "it spins, and returns the event"),
    (Way::Woken, "woken, back to back"),
    (Way::Sleeps, "woken from sleep"),
];

pub(crate) fn ring(objects: &Objects) -> Vec<Row> {
    let (libbpf, ours, aya) = (Libbpf::new(objects, true), Ours::new(objects, true), AyaRing::new(objects));
    let rows = WAYS.map(|(way, what)| {
        let race = Race::default()
            .with("libbpf", || round(&libbpf, way))
            .with("ours", || round(&ours, way))
            .with("aya", || round(&aya, way));
        rows(&format!("event by ring, {what}"), &race.run(ROUNDS), "")
    });
    rows.into_iter().flatten().collect()
}

pub(crate) fn perf(objects: &Objects) -> Vec<Row> {
    const WHY: &str = "not measured: its perf buffers are read one by one, by a loop of the user's own";
    let (libbpf, ours) = (Libbpf::new(objects, false), Ours::new(objects, false));
    let rows = WAYS.map(|(way, what)| {
        let race = Race::default().with("libbpf", || round(&libbpf, way)).with("ours", || round(&ours, way));
        rows(&format!("event by perf buffer, {what}"), &race.run(ROUNDS), WHY)
    });
    rows.into_iter().flatten().collect()
}

fn rows(what: &str, results: &Results, why: &'static str) -> [Row; 2] {
    [(Of::Median, "p50"), (Of::P99, "p99")]
        .map(|(of, name)| Row::of(&format!("{what}: {name}"), Unit::Microseconds, of, results, why))
}

/// Sends one event after the other, each when the last one was heard.
fn round(side: &dyn Side, way: Way) -> Times {
    let heard = AtomicU64::new(0);
    let mut times = Times::new();
    thread::scope(|scope| {
        let sender = side.sender();
        let heard = &heard;
        let sending = scope.spawn(move || {
            stay_on(0);
            for number in 0..way.count() {
                while heard.load(Ordering::Acquire) < number {
                    std::hint::spin_loop();
                }
                let start = Instant::now();
                while start.elapsed() < way.pause() {
                    std::hint::spin_loop();
                }
                sender();
            }
        });
        stay_on(1);
        while (times.len() as u64) < way.count() {
            side.hear(way, &mut times);
            heard.store(times.len() as u64, Ordering::Release);
        }
        sending.join().expect("it does not panic");
    });
    times
}

/// Keeps this thread on one processor.
pub(crate) fn stay_on(processor: usize) {
    // SAFETY: a set of no processors is all zeros.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: the set has room for a thousand.
    unsafe { libc::CPU_SET(processor, &mut set) };
    // SAFETY: it is a set, of this size. A machine with one processor refuses, and has no other.
    unsafe { libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set) };
}

/// Events in a row for each call, and calls in a round.
const CROWD: u32 = 4096;
const CALLS: u64 = 100;
/// How many may be under way: the ring's bytes by those of an event and its head.
const ROOM: u64 = (1 << 20) / (size_of::<Seen>() as u64 + 8);

/// A program sends as fast as it can, as long as there is room; the consumer spins. None is lost, and each arrives in order.
pub(crate) fn throughput(objects: &Objects) -> Vec<Row> {
    // SAFETY: the object is compiled by this bench.
    let plugin = unsafe { Plugin::<dyn Whole>::load(&objects.whole) }.expect("it loads");
    let events = plugin.seen();
    let ours = || {
        let time = crowd(
            |from| plugin.tell(from, CROWD),
            |next| {
                let seen = events.each(CROWD, Duration::ZERO, |event| {
                    assert_eq!(event.number, *next);
                    *next += 1;
                });
                seen.expect("they can be read");
            },
        );
        assert_eq!(events.lost(), Ok(0));
        time
    };
    let object = raw::load(&objects.whole);
    let (program, map) = (raw::program(&object, "tell"), raw::map(&object, "seen"));
    let arrived = Arc::new(AtomicU64::new(0));
    let there = Arc::clone(&arrived);
    let mut builder = RingBufferBuilder::new();
    let note = move |bytes: &[u8]| {
        let next = there.load(Ordering::Relaxed);
        assert_eq!(read(bytes).number, next);
        there.store(next + 1, Ordering::Relaxed);
        0
    };
    builder.add(&map, note).expect("it is a ring");
    let ring = builder.build().expect("it has a ring");
    let libbpf = || {
        arrived.store(0, Ordering::Relaxed);
        crowd(
            |from| raw::call(program.as_fd(), &mut (from, u64::from(CROWD))),
            |next| {
                ring.consume().expect("it can be read");
                *next = arrived.load(Ordering::Relaxed);
            },
        )
    };
    let race = Race::default().with("libbpf", libbpf).with("ours", ours);
    let why = "aya 0.14 refuses the whole object: it knows no programs of `SEC(\"syscall\")`";
    let what = "events by ring without a loss, nobody is woken";
    vec![Row::of(what, Unit::Millions, Of::Median, &race.run(ROUNDS), why)]
}

/// Nanoseconds an event, from the first that is sent to the last that is heard.
fn crowd(send: impl Fn(u64) + Sync, hear: impl Fn(&mut u64)) -> Times {
    let all = CALLS * u64::from(CROWD);
    let heard = AtomicU64::new(0);
    let start = Instant::now();
    thread::scope(|scope| {
        let (heard, send) = (&heard, &send);
        let sending = scope.spawn(move || {
            stay_on(0);
            for from in (0..all).step_by(CROWD as usize) {
                while heard.load(Ordering::Acquire) + ROOM < from + u64::from(CROWD) {
                    std::hint::spin_loop();
                }
                send(from);
            }
        });
        stay_on(1);
        let mut next = 0;
        while next < all {
            hear(&mut next);
            heard.store(next, Ordering::Release);
        }
        sending.join().expect("it does not panic");
    });
    vec![start.elapsed().as_nanos() as f64 / all as f64]
}
