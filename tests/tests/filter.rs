//! The packet filter without a kernel: what a contract that the kernel may carry is to values and libraries.

use std::time::Duration;

use filter_contract::{DROP, Filter, Limits, Port, reason};
use filter_native::Native;
use packet_filter::{Report, capture, replay};
use plugin_contracts::kernel::KernelError;
use plugin_host::{LoadError, Plugin};
use plugin_tests::{plugin, root};

const LIMITS: Limits = Limits { max_len: 1000, generation: 3 };

fn load() -> Plugin<dyn Filter> {
    // SAFETY: the file is built by this test.
    unsafe { Plugin::options().constants("limits", &LIMITS).load(plugin("filter-native")) }.expect("it loads")
}

fn linked() -> Plugin<dyn Filter> {
    Plugin::linked(Native::with(LIMITS))
}

fn report(filter: &dyn Filter) -> Report {
    assert_eq!(filter.limits(), LIMITS);
    for number in [53, 4789] {
        filter.rules().insert(&Port { number, protocol: 17 }, &DROP).expect("there is room");
    }
    let packets =
        capture::read(&root().join("examples/packet-filter/capture/mixed.pcap")).expect("it is kept");
    replay(filter, &packets).expect("tables and events can be read")
}

#[test]
fn a_value_and_a_library_say_the_same_of_a_capture() {
    let (linked, loaded) = (report(&*linked()), report(&*load()));
    assert_eq!(linked, loaded);
    assert_eq!((linked.passed, linked.dropped, linked.events.len(), linked.lost), (19, 8, 8, 0));
    assert_eq!(linked.events.iter().filter(|event| event.reason == reason::TOO_LONG).count(), 2);
}

#[test]
fn tables_and_events_of_a_library_are_handles_that_outlive_their_call() {
    let filter = load();
    let (rules, drops) = (filter.rules(), filter.drops());
    for number in 0..1024 {
        rules.insert(&Port { number, protocol: 6 }, &DROP).expect("there is room");
    }
    assert_eq!(rules.insert(&Port { number: 0, protocol: 17 }, &DROP), Err(KernelError::Full(1024)));
    assert_eq!((rules.capacity(), filter.rules().entries().map(|all| all.len())), (1024, Ok(1024)));
    assert_eq!(rules.remove(&Port { number: 9, protocol: 6 }), Ok(true));
    assert_eq!(rules.get(&Port { number: 9, protocol: 6 }), Ok(None));
    assert_eq!(drops.wait(Duration::from_millis(1)), Ok(None));
    // What is dropped and not read has room for so many, and the rest is counted.
    let mut packet = capture::read(&root().join("examples/packet-filter/capture/mixed.pcap"))
        .expect("it is kept")[1]
        .clone();
    packet[36..38].copy_from_slice(&7_u16.to_be_bytes());
    for _ in 0..5000 {
        assert_eq!(filter.ingress(&packet), DROP);
    }
    assert_eq!((drops.lost(), drops.each(10_000, Duration::ZERO, drop)), (Ok(904), Ok(4096)));
}

#[test]
fn nothing_but_a_kernel_program_is_attached() {
    for filter in [linked(), load()] {
        let hook = filter.hooks().ingress();
        for found in [hook.attach("lo"), hook.reopen("/sys/fs/bpf/link")] {
            let error = found.expect_err("it is not in the kernel");
            assert!(matches!(&error, KernelError::Unsupported(why) if why.contains("`ingress`")), "{error}");
        }
    }
}

#[test]
fn constants_of_another_type_are_refused() {
    let options = Plugin::<dyn Filter>::options().constants("limits", &7_u64);
    // SAFETY: the file is built by this test.
    let error = unsafe { options.load(plugin("filter-native")) }.expect_err("they are `Limits`");
    assert!(matches!(error, LoadError::Constants { .. }), "{error}");
    assert!(error.to_string().contains("they are a `Limits`"), "{error}");
}
