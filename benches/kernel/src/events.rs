//! Events: how long each is under way, and how many arrive in a second.
//!
//! In: the objects. Out: rows. A program notes the time as the last thing before it sends; whoever hears notes it as the first thing
//! with the typed event in hand. Both sides run on a processor of their own.

use std::hint::black_box;
use std::os::fd::{AsFd as _, AsRawFd as _, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use aya::Ebpf;
use aya::maps::{MapData, RingBuf};
use aya::programs::Xdp;
use libbpf_rs::{Object, PerfBuffer, PerfBufferBuilder, RingBuffer, RingBufferBuilder};
use plugin_contracts::kernel::Events;
use plugin_host::Plugin;

use crate::contracts::{Plain, Seen, Whole};
use crate::objects::Objects;
use crate::race::{Of, Race, Results, Times};
use crate::raw;
use crate::table::{Row, Unit};

const ROUNDS: usize = 11;
const PACKET: [u8; 60] = [0; 60];
const LONG: Duration = Duration::from_secs(10);

/// How an event is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Whoever hears never sleeps.
    Spins,
    /// The same, and what is heard is returned before it is looked at.
    SpinsForOne,
    /// It is woken; the next event is sent as soon as the last one was heard.
    Woken,
    /// It is woken, and has slept for a while.
    Sleeps,
}

impl Way {
    /// How long whoever sends waits between two events.
    fn pause(self) -> Duration {
        match self {
            Self::Spins | Self::SpinsForOne => Duration::from_micros(5),
            Self::Woken => Duration::ZERO,
            Self::Sleeps => Duration::from_micros(300),
        }
    }

    /// How many events a round has: of fewer, a p99 is what disturbed two of them.
    fn count(self) -> u64 {
        match self {
            Self::Spins | Self::SpinsForOne | Self::Woken => 2000,
            Self::Sleeps => 1000,
        }
    }
}

/// One side: sends an event, and hears one.
trait Side: Send {
    /// What sends, in another thread.
    fn sender(&self) -> Box<dyn Fn() + Send + '_>;
    /// Hears one event or several; hands over how long each was under way.
    fn hear(&self, way: Way, heard: &mut Times);
}

/// What an event's way took, in nanoseconds. The whole event is there before the clock is read.
#[inline]
fn under_way(event: Seen) -> f64 {
    let at = black_box(event).at;
    now().wrapping_sub(at) as f64
}

/// The clock that programs read: `bpf_ktime_get_ns`.
#[inline]
fn now() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: it is a `timespec`, and lives until the call is over.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    time.tv_sec.cast_unsigned() * 1_000_000_000 + time.tv_nsec.cast_unsigned()
}

/// An event of these bytes, as a user of libbpf-rs or aya reads it.
#[inline]
fn read(bytes: &[u8]) -> Seen {
    let bytes = bytes.first_chunk::<{ size_of::<Seen>() }>().expect("it is as long as an event");
    // SAFETY: there are as many bytes, and any bytes are an event.
    unsafe { std::ptr::read_unaligned(bytes.as_ptr().cast()) }
}

const WAYS: [(Way, &str); 4] = [
    (Way::Spins, "the consumer spins"),
    (Way::SpinsForOne, "it spins, and returns the event"),
    (Way::Woken, "woken, back to back"),
    (Way::Sleeps, "woken from sleep"),
];

pub(crate) fn ring(objects: &Objects) -> Vec<Row> {
    let (libbpf, ours, aya) = (Ring::new(objects), Ours::new(objects, true), AyaRing::new(objects));
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
    let (libbpf, ours) = (Perf::new(objects), Ours::new(objects, false));
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

/// Ours, by either way.
struct Ours {
    plugin: Plugin<dyn Plain>,
    events: Events<Seen>,
    by_ring: bool,
}

impl Ours {
    fn new(objects: &Objects, by_ring: bool) -> Self {
        // SAFETY: the object is compiled by this bench.
        let plugin = unsafe { Plugin::<dyn Plain>::load(&objects.plain) }.expect("it loads");
        let events = if by_ring { plugin.seen() } else { plugin.seen_perf() };
        Self { plugin, events, by_ring }
    }
}

impl Side for Ours {
    fn sender(&self) -> Box<dyn Fn() + Send + '_> {
        Box::new(|| {
            if self.by_ring {
                self.plugin.look(&PACKET)
            } else {
                self.plugin.look_perf(&PACKET)
            };
        })
    }

    fn hear(&self, way: Way, heard: &mut Times) {
        let hear = |event| heard.push(under_way(event));
        let count = match way {
            Way::Spins => self.events.spin_each(1, LONG, hear),
            Way::SpinsForOne => {
                self.events.spin(LONG).map(|event| event.map(hear).into_iter().count() as u32)
            }
            Way::Woken | Way::Sleeps => self.events.each(1, LONG, hear),
        };
        assert_eq!(count, Ok(1));
    }
}

/// The times of what a callback of libbpf heard.
#[derive(Default)]
struct Heard(std::sync::Mutex<Times>);

impl Heard {
    /// Waits by `look` until something was heard.
    fn take(&self, look: impl Fn(), heard: &mut Times) {
        // Only the callback, on this thread, adds to it.
        let before = heard.len();
        while heard.len() == before {
            look();
            heard.append(&mut self.0.lock().expect("nobody panics"));
        }
    }
}

/// libbpf-rs's ring.
struct Ring {
    program: OwnedFd,
    ring: RingBuffer<'static>,
    heard: Arc<Heard>,
    _object: Object,
}

// SAFETY: one thread at a time uses it.
unsafe impl Send for Ring {}

impl Ring {
    fn new(objects: &Objects) -> Self {
        let object = raw::load(&objects.plain);
        let (heard, map) = (Arc::new(Heard::default()), raw::map(&object, "seen"));
        let note = Arc::clone(&heard);
        let mut builder = RingBufferBuilder::new();
        let callback = move |bytes: &[u8]| {
            let time = under_way(read(bytes));
            note.0.lock().expect("nobody panics").push(time);
            0
        };
        builder.add(&map, callback).expect("it is a ring");
        let ring = builder.build().expect("it has a ring");
        Self { program: raw::program(&object, "look"), ring, heard, _object: object }
    }
}

impl Side for Ring {
    fn sender(&self) -> Box<dyn Fn() + Send + '_> {
        let program = self.program.as_fd();
        Box::new(move || {
            raw::run(program, &PACKET);
        })
    }

    fn hear(&self, way: Way, heard: &mut Times) {
        let look = || match way {
            Way::Spins | Way::SpinsForOne => self.ring.consume().expect("it can be read"),
            _ => self.ring.poll(LONG).expect("it can be read"),
        };
        self.heard.take(look, heard);
    }
}

/// libbpf-rs's perf buffers.
struct Perf {
    program: OwnedFd,
    perf: PerfBuffer<'static>,
    heard: Arc<Heard>,
    _object: Object,
}

// SAFETY: one thread at a time uses it.
unsafe impl Send for Perf {}

impl Perf {
    fn new(objects: &Objects) -> Self {
        let object = raw::load(&objects.plain);
        let (heard, map) = (Arc::new(Heard::default()), raw::map(&object, "seen_perf"));
        let note = Arc::clone(&heard);
        let perf = PerfBufferBuilder::new(&map)
            .pages(16)
            .sample_cb(move |_, bytes: &[u8]| {
                let time = under_way(read(bytes));
                note.0.lock().expect("nobody panics").push(time);
            })
            .build()
            .expect("it is one");
        Self { program: raw::program(&object, "look_perf"), perf, heard, _object: object }
    }
}

impl Side for Perf {
    fn sender(&self) -> Box<dyn Fn() + Send + '_> {
        let program = self.program.as_fd();
        Box::new(move || {
            raw::run(program, &PACKET);
        })
    }

    fn hear(&self, way: Way, heard: &mut Times) {
        let look = || match way {
            Way::Spins | Way::SpinsForOne => self.perf.consume().expect("they can be read"),
            _ => self.perf.poll(LONG).expect("they can be read"),
        };
        self.heard.take(look, heard);
    }
}

/// aya's ring. It has no way to wait: its users ask the system by its file.
struct AyaRing {
    program: OwnedFd,
    ring: std::sync::Mutex<RingBuf<MapData>>,
    _object: Ebpf,
}

impl AyaRing {
    fn new(objects: &Objects) -> Self {
        let mut object = Ebpf::load_file(&objects.plain).expect("it is read");
        let program: &mut Xdp =
            object.program_mut("look").expect("it is there").try_into().expect("it is XDP");
        program.load().expect("it loads");
        let fd = program.fd().expect("it is loaded").as_fd().try_clone_to_owned();
        let ring = RingBuf::try_from(object.take_map("seen").expect("it is there")).expect("it is a ring");
        Self { program: fd.expect("there is room for a file"), ring: ring.into(), _object: object }
    }
}

impl Side for AyaRing {
    fn sender(&self) -> Box<dyn Fn() + Send + '_> {
        let program = self.program.as_fd();
        Box::new(move || {
            raw::run(program, &PACKET);
        })
    }

    fn hear(&self, way: Way, heard: &mut Times) {
        let mut ring = self.ring.lock().expect("nobody panics");
        loop {
            if let Some(item) = ring.next() {
                return heard.push(under_way(read(&item)));
            }
            if !matches!(way, Way::Spins | Way::SpinsForOne) {
                let mut asked = libc::pollfd { fd: ring.as_raw_fd(), events: libc::POLLIN, revents: 0 };
                // SAFETY: it is one `pollfd`, and lives until the call is over.
                unsafe { libc::poll(&raw mut asked, 1, 10_000) };
            }
        }
    }
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
