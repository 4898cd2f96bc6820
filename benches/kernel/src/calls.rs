//! Methods, tables, and programs that are replaced.

use std::hint::black_box;
use std::os::fd::AsFd as _;
use std::process::Command;

use aya::Ebpf;
use libbpf_rs::{AsRawLibbpf as _, Link};
use plugin_host::Plugin;

use crate::contracts::{Flow, Plain, Verdict, Whole};
use crate::objects::Objects;
use crate::race::{Of, Race};
use crate::raw;
use crate::table::{Row, Unit};

const ROUNDS: usize = 101;
const REFUSES: &str = "aya 0.14 refuses the whole object: it knows no programs of `SEC(\"syscall\")`";

fn ours(objects: &Objects) -> Plugin<dyn Whole> {
    // SAFETY: the object is compiled by this bench.
    unsafe { Plugin::load(&objects.whole) }.expect("it loads")
}

/// A method's arguments and result, as C lays them out.
#[repr(C)]
struct VerdictCall {
    flow: Flow,
    len: u32,
    result: Verdict,
}

pub(crate) fn methods(objects: &Objects) -> Vec<Row> {
    let (plugin, object) = (ours(objects), raw::load(&objects.whole));
    let program = raw::program(&object, "verdict");
    let flow =
        Flow { source: [10, 0, 0, 1], destination: [10, 0, 0, 2], source_port: 999, destination_port: 53 };
    let libbpf = || {
        let none = Verdict { action: 0, reason: 0 };
        let mut call = VerdictCall { flow: black_box(flow), len: black_box(60), result: none };
        raw::call(program.as_fd(), &mut call);
        call.result
    };
    let ours = || plugin.verdict(black_box(flow), black_box(60));
    assert_eq!((libbpf().action, ours().action), (2, 2));
    let batch = Race::default().with_batch("libbpf", 1000, libbpf).with_batch("ours", 1000, ours);
    let each = Race::default().with_each("libbpf", 2000, libbpf).with_each("ours", 2000, ours);
    let (batch, each) = (batch.run(ROUNDS), each.run(ROUNDS));
    let row = |what: &str, of, results| Row::of(what, Unit::Nanoseconds, of, results, REFUSES);
    vec![
        row("a method is called: mean of 1,000", Of::Median, &batch),
        row("a method is called: p50, each with the clock's own time", Of::Median, &each),
        row("a method is called: p99", Of::P99, &each),
    ]
}

pub(crate) fn tables(objects: &Objects) -> Vec<Row> {
    // SAFETY: the object is compiled by this bench.
    let plugin = unsafe { Plugin::<dyn Plain>::load(&objects.plain) }.expect("it loads");
    let rules = plugin.rules();
    let object = raw::load(&objects.plain);
    let map = raw::map(&object, "rules");
    let mut aya = Ebpf::load_file(&objects.plain).expect("it is read");
    let theirs = aya.take_map("rules").expect("it is there");
    let theirs: aya::maps::HashMap<_, u64, u64> = theirs.try_into().expect("it is a hash");
    let theirs = std::cell::RefCell::new(theirs);
    let fd = map.as_fd();
    let key = || black_box(7_u64);
    let insert = Race::default()
        .with_batch("libbpf", 2000, || raw::insert(fd, key(), 1))
        .with_batch("ours", 2000, || rules.insert(&key(), &1).expect("there is room"))
        .with_batch("aya", 2000, || theirs.borrow_mut().insert(key(), 1, 0).expect("there is room"))
        .run(ROUNDS);
    let get = Race::default()
        .with_batch("libbpf", 2000, || raw::get(fd, key()))
        .with_batch("ours", 2000, || rules.get(&key()).expect("it can be read"))
        .with_batch("aya", 2000, || theirs.borrow().get(&key(), 0).ok())
        .run(ROUNDS);
    assert_eq!((raw::get(fd, 7), rules.get(&7)), (Some(1), Ok(Some(1))));
    vec![
        Row::of("a table: `get`", Unit::Nanoseconds, Of::Median, &get, ""),
        Row::of("a table: `insert`", Unit::Nanoseconds, Of::Median, &insert, ""),
    ]
}

/// On a pair of interfaces in a network namespace of this thread's own, which goes with it.
pub(crate) fn swaps(objects: &Objects) -> Vec<Row> {
    std::thread::scope(|scope| scope.spawn(|| swaps_here(objects)).join().expect("it does not panic"))
}

fn swaps_here(objects: &Objects) -> Vec<Row> {
    const CANNOT: &str =
        "`attach_to_link` does not say which program it expects there: it is no compare and swap";
    // SAFETY: no memory is touched; what is not shared any more is this thread's network.
    assert_eq!(unsafe { libc::unshare(libc::CLONE_NEWNET) }, 0, "a network namespace needs CAP_SYS_ADMIN");
    for command in ["link add swap0 type veth peer name swap1", "link set swap0 up", "link set swap1 up"] {
        let status = Command::new("ip").args(command.split(' ')).status().expect("iproute2 is installed");
        assert!(status.success(), "ip {command}");
    }
    let (first, second) = (ours(objects), ours(objects));
    let object = raw::load(&objects.whole);
    let other = raw::load(&objects.whole);
    // SAFETY: it is a text that ends.
    let interface = unsafe { libc::if_nametoindex(c"swap0".as_ptr()) }.cast_signed();
    let mut rows = Vec::new();
    for (hook, what, rounds, calls) in
        [("classify", "TCX", ROUNDS, 500), ("look", "XDP on a veth, its caller's wait", 15, 5)]
    {
        let programs = [raw::program(&object, hook), raw::program(&other, hook)];
        let race = {
            let found = object.progs_mut().find(|program| program.name() == hook).expect("it is there");
            let link = if hook == "look" {
                found.attach_xdp(interface).expect("nothing is attached there")
            } else {
                // SAFETY: the program is loaded, and no options are given.
                let link = unsafe {
                    libbpf_sys::bpf_program__attach_tcx(
                        found.as_libbpf_object().as_ptr(),
                        interface,
                        std::ptr::null(),
                    )
                };
                let link = std::ptr::NonNull::new(link).expect("it is attached");
                // SAFETY: libbpf made the link just now, for nobody else.
                unsafe { Link::from_ptr(link) }
            };
            let mut at = 0;
            let libbpf = move || {
                raw::swap(link.as_fd(), programs[at].as_fd(), programs[1 - at].as_fd());
                at = 1 - at;
            };
            // One XDP program an interface: ours is at the other end of the wire.
            let end = if hook == "look" { "swap1" } else { "swap0" };
            let hooks = [&first, &second].map(|plugin| {
                let hooks = plugin.hooks();
                if hook == "look" { hooks.look() } else { hooks.classify() }
            });
            let mut link = hooks[0].attach(end).expect("nothing is attached there");
            let mut at = 0;
            let ours = move || {
                at = 1 - at;
                link.replace(&hooks[at]).expect("the other one is there");
            };
            Race::default().with_batch("libbpf", calls, libbpf).with_batch("ours", calls, ours).run(rounds)
        };
        let unit = if hook == "look" { Unit::Milliseconds } else { Unit::Nanoseconds };
        rows.push(Row::of(&format!("a program is replaced: {what}"), unit, Of::Median, &race, CANNOT));
    }
    rows
}
