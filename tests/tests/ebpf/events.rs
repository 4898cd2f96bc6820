//! What programs tell: in order, by either way, woken and spinning; and what becomes of it when whoever hears it fails.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use futures::StreamExt as _;
use plugin_contracts::kernel::{Events, KernelError};
use plugin_host::Plugin;

use super::contract::{Probe, Wide};
use super::loaded::load;
use super::system::Kernel;

const LONG: Duration = Duration::from_secs(60);

fn events(probe: &Plugin<dyn Probe>, by_ring: bool) -> Events<Wide> {
    if by_ring { probe.seen() } else { probe.seen_perf() }
}

/// Has so many events told.
fn tell(probe: &Plugin<dyn Probe>, by_ring: bool, from: u64, count: u32) {
    // What is called cannot fill a perf buffer; what looks at a packet can.
    if by_ring {
        return probe.tell(from, count);
    }
    for number in from..from + u64::from(count) {
        let mut packet = [0; 60];
        packet[0] = 1;
        packet[14..22].copy_from_slice(&number.to_ne_bytes());
        assert_eq!(probe.ingress(&packet), 2);
    }
}

#[test]
fn events_arrive_in_order_by_either_way_and_those_without_room_are_counted() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let probe = load();
    for by_ring in [true, false] {
        let events = events(&probe, by_ring);
        let tell = |from, count| tell(&probe, by_ring, from, count);
        assert_eq!(events.poll(), Ok(None));
        tell(10, 5);
        let mut seen = Vec::new();
        assert_eq!(events.each(3, Duration::ZERO, |event| seen.push(event.word)), Ok(3));
        assert_eq!(events.wait(LONG).map(|event| event.map(|event| event.word)), Ok(Some(13)));
        tell(15, 1);
        while events.each(100, Duration::ZERO, |event| seen.push(event.word)) != Ok(0) {}
        assert_eq!(seen, [10, 11, 12, 14, 15], "by ring: {by_ring}");
        assert_eq!(events.lost(), Ok(0));

        // 4096 bytes hold some sixty events: the others are lost, and none of them unseen.
        let (mut arrived, mut next) = (0, 0);
        tell(0, 1000);
        while let Ok(Some(event)) = events.poll() {
            assert_eq!(event.word, next, "the first ones have room");
            (arrived, next) = (arrived + 1, next + 1);
        }
        assert!((1..1000).contains(&arrived), "{arrived}");
        assert_eq!(events.lost(), Ok(1000 - arrived), "by ring: {by_ring}");
    }
}

#[test]
fn a_task_hears_events_as_a_stream() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let probe = load();
    let stream = probe.seen().stream();
    probe.tell(5, 3);
    let heard = futures::executor::block_on(stream.take(3).collect::<Vec<_>>());
    let heard: Vec<_> = heard.into_iter().map(|event| event.map(|event| event.word)).collect();
    assert_eq!(heard, [Ok(5), Ok(6), Ok(7)]);
}

#[test]
fn a_consumer_that_spins_hears_an_event_and_gives_up_when_none_comes() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let probe = load();
    let events = probe.seen();
    assert_eq!(events.spin(Duration::from_millis(1)), Ok(None));
    std::thread::scope(|scope| {
        let spinning = scope.spawn(|| events.spin(LONG));
        probe.tell(78, 1);
        let event = spinning.join().expect("it does not panic").expect("it can be read");
        assert_eq!(event.map(|event| event.word), Some(78));
    });
}

#[test]
fn a_consumer_that_waits_is_woken() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let probe = load();
    let events = probe.seen();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| events.wait(LONG));
        probe.tell(77, 1);
        let event = waiting.join().expect("it does not panic").expect("it can be read");
        assert_eq!(event.map(|event| event.word), Some(77));
    });
}

#[test]
fn a_million_events_arrive_in_order_or_are_counted() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    const ALL: u64 = 1_000_000;
    let probe = load();
    let events = probe.seen();
    let (mut arrived, mut last) = (0, None);
    std::thread::scope(|scope| {
        let telling = scope.spawn(|| (0..ALL).step_by(4000).for_each(|from| probe.tell(from, 4000)));
        loop {
            let ends = telling.is_finished();
            let seen = events.each(1000, Duration::from_millis(1), |event| {
                assert!(last < Some(event.word), "{} after {last:?}", event.word);
                (arrived, last) = (arrived + 1, Some(event.word));
            });
            if seen.expect("they can be read") == 0 && ends {
                break;
            }
        }
    });
    assert!(arrived > 0);
    assert_eq!(events.lost(), Ok(ALL - arrived), "{arrived} arrived");
}

#[test]
fn what_an_event_is_handed_to_may_panic_and_the_next_ones_are_heard() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let probe = load();
    for by_ring in [true, false] {
        let events = events(&probe, by_ring);
        tell(&probe, by_ring, 20, 5);
        let mut seen = Vec::new();
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            events.each(10, LONG, |event| {
                seen.push(event.word);
                assert_ne!(event.word, 21, "by intent");
            })
        }));
        let said = *panicked.expect_err("it goes to the caller").downcast::<String>().expect("a text");
        assert!(said.contains("by intent"), "{said}");
        // Of both, of those that wait in this process too.
        assert_eq!(events.each(1, LONG, |event| seen.push(event.word)), Ok(1));
        assert!(catch_unwind(AssertUnwindSafe(|| events.each(1, LONG, |_| panic!("by intent")))).is_err());
        while events.each(10, Duration::ZERO, |event| seen.push(event.word)) != Ok(0) {}
        assert_eq!(seen, [20, 21, 22, 24], "by ring: {by_ring}");
        assert_eq!(events.lost(), Ok(0));
    }
}

#[test]
fn what_an_event_is_handed_to_cannot_take_the_next() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let probe = load();
    for by_ring in [true, false] {
        let events = events(&probe, by_ring);
        tell(&probe, by_ring, 30, 2);
        let mut inner = Vec::new();
        assert_eq!(events.each(1, LONG, |_| inner.push(events.poll())), Ok(1));
        assert!(
            matches!(&inner[..], [Err(KernelError::Unsupported(why))] if why.contains("let it return first")),
            "{inner:?}"
        );
        assert_eq!(events.poll().map(|event| event.map(|event| event.word)), Ok(Some(31)));
        // Another thread's turn comes when the handler has returned.
        tell(&probe, by_ring, 40, 2);
        std::thread::scope(|scope| {
            let mut other = None;
            let first = events.each(1, LONG, |event| {
                assert_eq!(event.word, 40);
                other = Some(scope.spawn(|| events.wait(LONG)));
            });
            assert_eq!(first, Ok(1));
            let next = other.expect("one was handed over").join().expect("it does not panic");
            assert_eq!(next.map(|event| event.map(|event| event.word)), Ok(Some(41)));
        });
    }
}

#[test]
fn who_waits_gives_up_in_time_while_an_event_is_looked_at() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let probe = load();
    let events = probe.seen();
    probe.tell(50, 2);
    std::thread::scope(|scope| {
        let mut given_up = None;
        let first = events.each(1, LONG, |_| {
            // It ends before this returns, or never.
            let other = scope.spawn(|| (events.poll(), events.wait(Duration::from_millis(5))));
            given_up = other.join().ok();
        });
        assert_eq!((first, given_up), (Ok(1), Some((Ok(None), Ok(None)))));
    });
    assert_eq!(events.poll().map(|event| event.map(|event| event.word)), Ok(Some(51)));
}
