//! Who sends an event and who hears it: libbpf-rs, ours, and aya.
//!
//! In: the objects. Out: [`Side`]s. They do not know how often they are asked.

use std::hint::black_box;
use std::os::fd::{AsFd as _, AsRawFd as _, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

use aya::Ebpf;
use aya::maps::{MapData, RingBuf};
use aya::programs::Xdp;
use libbpf_rs::{Object, PerfBuffer, PerfBufferBuilder, RingBuffer, RingBufferBuilder};
use plugin_contracts::kernel::Events;
use plugin_host::Plugin;

use crate::contracts::{Plain, Seen};
use crate::objects::Objects;
use crate::race::Times;
use crate::raw;

const PACKET: [u8; 60] = [0; 60];
const LONG: Duration = Duration::from_secs(10);

/// How an event is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
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
    pub(crate) fn pause(self) -> Duration {
        match self {
            Self::Spins | Self::SpinsForOne => Duration::from_micros(5),
            Self::Woken => Duration::ZERO,
            Self::Sleeps => Duration::from_micros(300),
        }
    }

    /// How many events a round has: of fewer, a p99 is what disturbed two of them.
    pub(crate) fn count(self) -> u64 {
        match self {
            Self::Spins | Self::SpinsForOne | Self::Woken => 2000,
            Self::Sleeps => 1000,
        }
    }
}

/// One side: sends an event, and hears one.
pub(crate) trait Side: Send {
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
pub(crate) fn read(bytes: &[u8]) -> Seen {
    let bytes = bytes.first_chunk::<{ size_of::<Seen>() }>().expect("it is as long as an event");
    // SAFETY: there are as many bytes, and any bytes are an event.
    unsafe { std::ptr::read_unaligned(bytes.as_ptr().cast()) }
}

/// Ours, by either way.
pub(crate) struct Ours {
    plugin: Plugin<dyn Plain>,
    events: Events<Seen>,
    by_ring: bool,
}

impl Ours {
    pub(crate) fn new(objects: &Objects, by_ring: bool) -> Self {
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

/// libbpf-rs, by either way.
pub(crate) struct Libbpf {
    program: OwnedFd,
    source: Source,
    heard: Arc<Heard>,
    _object: Object,
}

enum Source {
    Ring(RingBuffer<'static>),
    Perf(PerfBuffer<'static>),
}

// SAFETY: one thread at a time uses it.
unsafe impl Send for Libbpf {}

impl Libbpf {
    pub(crate) fn new(objects: &Objects, by_ring: bool) -> Self {
        let object = raw::load(&objects.plain);
        let heard = Arc::new(Heard::default());
        let there = Arc::clone(&heard);
        let note = move |bytes: &[u8]| {
            let time = under_way(read(bytes));
            there.0.lock().expect("nobody panics").push(time);
        };
        let (program, source) = if by_ring {
            let mut builder = RingBufferBuilder::new();
            let map = raw::map(&object, "seen");
            let callback = move |bytes: &[u8]| {
                note(bytes);
                0
            };
            builder.add(&map, callback).expect("it is a ring");
            ("look", Source::Ring(builder.build().expect("it has a ring")))
        } else {
            let map = raw::map(&object, "seen_perf");
            let builder =
                PerfBufferBuilder::new(&map).pages(16).sample_cb(move |_, bytes: &[u8]| note(bytes));
            ("look_perf", Source::Perf(builder.build().expect("it is one")))
        };
        Self { program: raw::program(&object, program), source, heard, _object: object }
    }
}

impl Side for Libbpf {
    fn sender(&self) -> Box<dyn Fn() + Send + '_> {
        let program = self.program.as_fd();
        Box::new(move || {
            raw::run(program, &PACKET);
        })
    }

    fn hear(&self, way: Way, heard: &mut Times) {
        let spins = matches!(way, Way::Spins | Way::SpinsForOne);
        let look = || match &self.source {
            Source::Ring(ring) if spins => ring.consume(),
            Source::Ring(ring) => ring.poll(LONG),
            Source::Perf(perf) if spins => perf.consume(),
            Source::Perf(perf) => perf.poll(LONG),
        };
        self.heard.take(|| look().expect("it can be read"), heard);
    }
}

/// aya's ring. It has no way to wait: its users ask the system by its file.
pub(crate) struct AyaRing {
    program: OwnedFd,
    ring: std::sync::Mutex<RingBuf<MapData>>,
    _object: Ebpf,
}

impl AyaRing {
    pub(crate) fn new(objects: &Objects) -> Self {
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
