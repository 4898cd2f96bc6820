//! From a path to an object whose programs can be called and attached, and whose events can be heard.

use std::any::Any;
use std::path::Path;

use aya::Ebpf;
use aya::maps::{PerfEventArray, RingBuf};
use aya::programs::Xdp;
use libbpf_rs::{MapHandle, Object, PerfBuffer, PerfBufferBuilder, RingBuffer, RingBufferBuilder};
use plugin_host::{Contract, Plugin};

use crate::contracts::{Plain, Whole};
use crate::objects::Objects;
use crate::race::{Of, Race};
use crate::raw;
use crate::table::{Row, Unit};

const ROUNDS: usize = 41;

pub(crate) fn measure(objects: &Objects) -> Vec<Row> {
    let race = Race::default()
        .with_each("libbpf", 1, || libbpf(&objects.plain))
        .with_each("ours", 1, || ours::<dyn Plain>(&objects.plain))
        .with_each("aya", 1, || aya(&objects.plain));
    let plain = race.run(ROUNDS);
    let race = Race::default()
        .with_each("libbpf", 1, || libbpf(&objects.whole))
        .with_each("ours", 1, || ours::<dyn Whole>(&objects.whole));
    let whole = race.run(ROUNDS);
    vec![
        Row::of("load: two XDP programs, three maps", Unit::Milliseconds, Of::Median, &plain, ""),
        Row::of(
            "load: methods, hooks, a policy, constants, state",
            Unit::Milliseconds,
            Of::Median,
            &whole,
            "aya 0.14 refuses the whole object: it knows no programs of `SEC(\"syscall\")`",
        ),
    ]
}

/// What a user of libbpf-rs holds then.
struct Libbpf {
    _ring: RingBuffer<'static>,
    _perf: Option<PerfBuffer<'static>>,
    _object: Object,
}

fn libbpf(path: &Path) -> Libbpf {
    let object = raw::load(path);
    let mut ring = RingBufferBuilder::new();
    let seen = raw::map(&object, "seen");
    ring.add(&seen, |_| 0).expect("it is a ring");
    let perf = object.maps().find(|map| libbpf_rs::MapCore::name(map) == "seen_perf").map(|map| {
        let map = MapHandle::try_from(&map).expect("there is room for a file");
        PerfBufferBuilder::new(&map).pages(16).sample_cb(|_, _: &[u8]| {}).build().expect("it is one")
    });
    Libbpf { _ring: ring.build().expect("it has a ring"), _perf: perf, _object: object }
}

fn ours<C: ?Sized + Contract>(path: &Path) -> Plugin<C> {
    // SAFETY: the object is compiled by this bench.
    unsafe { Plugin::load(path) }.expect("it loads")
}

fn aya(path: &Path) -> Box<dyn Any> {
    let mut object = Ebpf::load_file(path).expect("it is read");
    for name in ["look", "look_perf"] {
        let program: &mut Xdp = object.program_mut(name).expect("it is there").try_into().expect("it is XDP");
        program.load().expect("it loads");
    }
    let ring = RingBuf::try_from(object.take_map("seen").expect("it is there")).expect("it is a ring");
    let perf = object.take_map("seen_perf").expect("it is there");
    let mut perf = PerfEventArray::try_from(perf).expect("it is one");
    let processors = aya::util::online_cpus().expect("the system tells");
    let buffers: Vec<_> =
        processors.into_iter().map(|one| perf.open(one, Some(16)).expect("it opens")).collect();
    Box::new((ring, buffers, perf, object))
}
