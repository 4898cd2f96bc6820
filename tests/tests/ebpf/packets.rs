//! The example: one filter as a value, a library and a program, on the same packets; then on an interface.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use filter_contract::{DROP, DROPPED, Filter, Limits, PASS, PASSED, Port, reason};
use filter_native::Native;
use packet_filter::{OBJECT, Report, capture, replay};
use plugin_host::Plugin;
use plugin_tests::plugin;

use super::build::{compile, root};
use super::system::{Kernel, Wire};

const LIMITS: Limits = Limits { max_len: 1000, generation: 3 };
const UDP: u16 = 17;

fn packets() -> Vec<Vec<u8>> {
    capture::read(&root().join("examples/packet-filter/capture/mixed.pcap")).expect("it is kept")
}

/// What every carrier says of the capture.
fn suite(filter: &dyn Filter) -> Report {
    assert_eq!(filter.limits(), LIMITS);
    let port = |number| Port { number, protocol: UDP };
    for number in [53, 4789] {
        filter.rules().insert(&port(number), &DROP).expect("there is room");
    }
    filter.rules().insert(&port(80), &PASS).expect("there is room");
    let packets = packets();
    let report = replay(filter, &packets).expect("tables and events can be read");
    for (packet, verdict) in packets.iter().zip(&report.verdicts) {
        assert!(matches!(*verdict, PASS | DROP), "{verdict} on {packet:02x?}");
    }
    let flow = report.events[0].flow;
    for (len, verdict) in [(60, (DROP, reason::RULE)), (1001, (DROP, reason::TOO_LONG))] {
        let found = filter.verdict(flow, len);
        assert_eq!((found.action, found.reason), verdict);
    }
    let passes = filter.verdict(filter_contract::Flow { destination_port: 80, ..flow }, 60);
    assert_eq!((passes.action, passes.reason), (PASS, 0));
    report
}

fn load(path: &std::path::Path) -> Plugin<dyn Filter> {
    // SAFETY: both were built by this test.
    unsafe { Plugin::options().constants("limits", &LIMITS).load(path) }.expect("it loads")
}

#[test]
fn three_carriers_say_the_same_of_a_capture() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let linked = suite(&*Plugin::<dyn Filter>::linked(Native::with(LIMITS)));
    let native = suite(&*load(&plugin("filter-native")));
    let kernel = suite(&*load(OBJECT.as_ref()));
    assert_eq!(linked, native);
    assert_eq!(linked, kernel);
    assert_eq!((linked.passed, linked.dropped, linked.lost), (19, 8, 0));
    assert_eq!(linked.events.len(), 8);
    let too_long = linked.events.iter().filter(|event| event.reason == reason::TOO_LONG).count();
    assert_eq!(too_long, 2);
}

#[test]
fn a_filter_in_the_kernel_drops_what_its_rules_say() {
    let Some(_kernel) = Kernel::for_type("xdp") else { return };
    let filter = load(OBJECT.as_ref());
    let wire = Wire::new();
    let socket = UdpSocket::bind("10.203.77.1:5353").expect("the address is ours");
    socket.set_read_timeout(Some(Duration::from_secs(30))).expect("it can be set");
    let mut buffer = [0; 64];
    let mut receive = || {
        let len = socket.recv(&mut buffer).expect("a datagram arrives");
        String::from_utf8_lossy(&buffer[..len]).into_owned()
    };
    let link = filter.hooks().ingress().attach(&wire.here).expect("it is attached");
    wire.send(5353, "before");
    assert_eq!(receive(), "before");

    let rule = Port { number: 5353, protocol: UDP };
    filter.rules().insert(&rule, &DROP).expect("there is room");
    wire.send(5353, "dropped");
    let event =
        filter.drops().wait(Duration::from_secs(30)).expect("it can be read").expect("it was dropped");
    assert_eq!(
        (event.flow.source, event.flow.destination_port, event.reason),
        ([10, 203, 77, 2], 5353, reason::RULE)
    );
    assert_eq!(filter.counters().get(&DROPPED), Ok(Some(1)));

    filter.rules().replace_all(&[(Port { number: 53, protocol: UDP }, DROP)]).expect("there is room");
    wire.send(5353, "after");
    assert_eq!(receive(), "after", "what was dropped never arrives");
    assert!(filter.counters().get(&PASSED).expect("it can be read").expect("an array has it") >= 2);

    // Once detached, nothing is looked at.
    filter.rules().insert(&rule, &DROP).expect("it is there");
    link.detach().expect("it is detached");
    wire.send(5353, "free");
    assert_eq!(receive(), "free");
    let until = Instant::now();
    assert_eq!(filter.drops().poll(), Ok(None), "{:?}", until.elapsed());
}

#[test]
fn the_example_of_the_documentation_is_what_the_contract_says() {
    let page = std::fs::read_to_string(root().join("docs/kernel.md")).expect("there is a page");
    let example =
        page.split("```c\n").nth(1).and_then(|rest| rest.split("```").next()).expect("there is one");
    let (_directory, compiled) = compile::<dyn Filter>(example);
    compiled.map_err(|error| error.to_string()).expect("clang takes it, and nothing differs");
}
