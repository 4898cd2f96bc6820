//! A host's memory, lent to a plugin: moved without a copy, counted, and given back as it was taken.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/lent.rs"]
pub mod contract;

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;
use std::sync::atomic::{AtomicIsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use contract::{Borrower, Seen};
use plugin_abi::{Export, HostServices, Status};
use plugin_contracts::Buf;
use plugin_host::Plugin;
use plugin_tests::{child, fixture};

/// The global allocator of this host: it writes each block's layout in front of it, and holds whoever gives one back to it.
/// Those that are found by their size, as jemalloc finds them, go astray when it is another.
struct Strict;

#[global_allocator]
static STRICT: Strict = Strict;

/// Bytes that are out.
static OUT: AtomicIsize = AtomicIsize::new(0);

/// What stands in front of a block: size, alignment, and a word that tells it from anything else.
const MARK: usize = 0x05ee_d0fa_11ed_5eed_u64 as usize;

fn outer(layout: Layout) -> (Layout, usize) {
    let before = layout.align().max(32);
    let size = layout.size().checked_add(before).expect("it fits");
    (Layout::from_size_align(size, layout.align().max(8)).expect("it fits"), before)
}

fn complain(what: &str) -> ! {
    // Nothing that allocates.
    let _ = std::io::Write::write_all(&mut std::io::stderr(), what.as_bytes());
    std::process::abort()
}

// SAFETY: it is the system's, moved by what stands in front.
unsafe impl GlobalAlloc for Strict {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let (outer, before) = outer(layout);
        // SAFETY: the size is not 0.
        let start = unsafe { System.alloc(outer) };
        if start.is_null() {
            return start;
        }
        let ptr = start.wrapping_add(before);
        for (at, word) in [layout.size(), layout.align(), MARK].into_iter().enumerate() {
            // SAFETY: there are four words in front.
            unsafe { ptr.cast::<usize>().wrapping_sub(at + 1).write_unaligned(word) };
        }
        OUT.fetch_add(layout.size() as isize, Ordering::SeqCst);
        ptr
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        for (at, word) in [layout.size(), layout.align(), MARK].into_iter().enumerate() {
            // SAFETY: there are words in front of what is ours; nobody else's comes here, or it is what the test is for.
            let found = unsafe { ptr.cast::<usize>().wrapping_sub(at + 1).read_unaligned() };
            if found != word {
                complain(
                    ["given back with another size\n", "given back with another alignment\n", "not ours\n"]
                        [at],
                );
            }
        }
        // SAFETY: as above; a block that is given back twice is told by its mark.
        unsafe { ptr.cast::<usize>().wrapping_sub(3).write_unaligned(0) };
        OUT.fetch_sub(layout.size() as isize, Ordering::SeqCst);
        let (outer, before) = outer(layout);
        // SAFETY: `alloc` made it so.
        unsafe { System.dealloc(ptr.wrapping_sub(before), outer) };
    }
}

/// What a library counts it counts for all that use it: one test at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn load() -> Plugin<dyn Borrower> {
    // SAFETY: the file is built by this test.
    unsafe { Plugin::load(fixture("lent")) }.unwrap()
}

fn live(plugin: &Plugin<dyn Borrower>) -> usize {
    plugin.live_bytes().expect("its allocator is the host's")
}

#[test]
fn a_vector_moves_both_ways_where_it_is() {
    let _alone = alone();
    let mut plugin = load();
    let mut bytes = Vec::with_capacity(100);
    bytes.extend_from_slice(&[1, 2, 3]);
    let place = bytes.as_ptr() as usize;
    assert_eq!(plugin.keep(bytes), Seen { place, capacity: 100 });
    assert_eq!(plugin.place_of_next(), place);
    let back = plugin.give().unwrap();
    assert_eq!((back.as_ptr() as usize, back.capacity(), &*back), (place, 100, &[1, 2, 3][..]));
    // What the plugin allocated is the host's, to grow and to free.
    plugin.allocate(50);
    let place = plugin.place_of_next();
    let mut theirs = plugin.give().unwrap();
    assert_eq!((theirs.as_ptr() as usize, theirs.capacity()), (place, 50));
    theirs.resize(10_000, 7);
    let words = plugin.words(1000);
    assert_eq!((words.len(), words[999]), (1000, 999));
    plugin.close().unwrap();
}

#[test]
fn live_bytes_follow_what_moves() {
    let _alone = alone();
    let mut plugin = load();
    let before = live(&plugin);
    // Room for what the plugin's own list of them needs.
    for _ in 0..4 {
        plugin.allocate(0);
    }
    let list = live(&plugin);
    plugin.allocate(1000);
    plugin.allocate(24);
    // The list has grown.
    let grown = live(&plugin) - 1024;
    let first = plugin.give().unwrap();
    assert_eq!((first.capacity(), live(&plugin)), (24, grown + 1000), "a moved result is debited");
    drop(first);
    assert_eq!(live(&plugin), grown + 1000, "and is the host's to free");
    plugin.keep(Vec::with_capacity(500));
    assert_eq!(live(&plugin), grown + 1500, "a moved argument is credited");
    drop(plugin.give());
    drop(plugin.give());
    assert_eq!(live(&plugin), grown);
    assert!(list <= grown);
    plugin.close().unwrap();
    let again = load();
    // The box of another object.
    assert_eq!(live(&again), before, "nothing is left of the first");
    let of_one = live(&again);
    let two = load();
    assert_eq!(live(&again), 2 * of_one, "they share one library");
    drop(two);
    assert_eq!(live(&again), of_one);
}

#[test]
fn bytes_that_stay_where_they_are_are_counted_while_they_are_there() {
    let _alone = alone();
    let mut plugin = load();
    plugin.keep_buf(Buf::new());
    let before = live(&plugin);
    plugin.keep_buf(Buf::from(Vec::with_capacity(300)));
    assert_eq!(live(&plugin), before + 300);
    let other = load();
    let of_both = live(&plugin);
    drop(other);
    let of_one = of_both - live(&plugin);
    drop(plugin);
    assert_eq!(live(&load()), of_one, "nothing is left of it");
}

#[test]
fn what_is_lost_is_seen() {
    let _alone = alone();
    let plugin = load();
    let before = live(&plugin);
    plugin.lose(777);
    assert_eq!(live(&plugin), before + 777);
    drop(plugin);
    assert_eq!(live(&load()), before + 777, "it stays lost");
}

#[test]
fn what_is_older_than_the_host_is_copied_as_it_moves_out() {
    let _alone = alone();
    let plugin = load();
    let before = live(&plugin);
    let early = plugin.early(0);
    assert_eq!(early, (0..100).collect::<Vec<u8>>());
    drop(early);
    let mut large = plugin.early(1);
    assert!(large.len() == 200_000 && large.iter().all(|byte| *byte == 1));
    large.push(2);
    drop(large);
    assert_eq!(plugin.grow_early(2, &[3; 1000]), [&[2; 10][..], &[3; 1000]].concat(), "realloc moves it too");
    assert_eq!(live(&plugin), before);
}

#[test]
fn threads_allocate_and_end() {
    let _alone = alone();
    let plugin = load();
    // The first time std makes some things that stay.
    plugin.on_threads(1);
    let before = live(&plugin);
    for _ in 0..5 {
        let mut all = plugin.on_threads(8);
        all.sort();
        let expected: Vec<_> = (0..8).map(|at| format!("thread {at} and gone").into_bytes()).collect();
        assert_eq!(all, expected);
    }
    assert_eq!(live(&plugin), before);
}

#[test]
fn every_alignment_is_kept() {
    let _alone = alone();
    assert!(load().aligned());
}

#[test]
fn the_hosts_own_count_agrees() {
    let _alone = alone();
    let mut plugin = load();
    plugin.allocate(10);
    plugin.give();
    let (ours, theirs) = (OUT.load(Ordering::SeqCst), live(&plugin) as isize);
    plugin.allocate(1 << 20);
    let more = live(&plugin) as isize - theirs;
    assert_eq!(more, 1 << 20);
    // Nothing else of this size goes on in this process meanwhile.
    let seen = OUT.load(Ordering::SeqCst) - ours;
    assert!((seen - more).abs() < 1 << 18, "{seen} {more}");
}

#[test]
fn a_plugin_with_memory_of_its_own_is_not_counted() {
    let _alone = alone();
    /// Any contract.
    mod own {
        #[plugin_contracts::plugin_contract(id = "test.echo", version = "1.0.0", unlocked)]
        pub(crate) trait Echo: Send + Sync {
            fn bytes(&self, value: &[u8]) -> Vec<u8>;
        }
    }
    // SAFETY: the file is built by this test.
    let plugin = unsafe { Plugin::<dyn own::Echo>::load(fixture("echo")) }.unwrap();
    assert_eq!((plugin.live_bytes(), plugin.bytes(&[1])), (None, vec![1]));
    // SAFETY: as above.
    let plugin = unsafe { Plugin::<dyn own::Echo>::load(fixture("lent-echo")) }.unwrap();
    assert!(plugin.live_bytes().is_some());
    assert_eq!(plugin.bytes(&[1]), [1]);
}

#[test]
fn a_plugin_whose_host_lends_nothing_has_the_systems_memory() {
    let _ = child::run(&mut child::command("child_lends_nothing"));
}

#[test]
#[ignore = "a child of `a_plugin_whose_host_lends_nothing_has_the_systems_memory`"]
fn child_lends_nothing() {
    let path = fixture("lent");
    // SAFETY: the file is built by this test.
    let library = unsafe { libloading::Library::new(&path) }.unwrap();
    // SAFETY: an export's symbol has this type.
    let export = unsafe { library.get::<*const Export>(b"__plugin_lent") }.unwrap();
    // SAFETY: it is an export, and the library stays.
    let export = unsafe { &**export };
    assert_eq!(export.flags & Export::LENT, Export::LENT);
    let services = HostServices::new();
    // An older host's ends before the memory, and what lies behind it is not looked at.
    let older = HostServices {
        size: std::mem::offset_of!(HostServices, memory),
        memory: ptr::dangling(),
        ..services
    };
    for services in [older, HostServices::new()] {
        // SAFETY: the services are there for the call.
        assert_eq!(unsafe { (export.connect)(&raw const services) }, Status::OK);
    }
    // Who comes later finds it served.
    let mut plugin = load();
    plugin.keep(vec![1; 100]);
    plugin.allocate(1000);
    assert_eq!((plugin.give().unwrap().capacity(), plugin.give()), (0, Some(vec![1; 100])), "copied");
    assert_eq!(plugin.early(0).len(), 100);
    assert_eq!(plugin.grow_early(2, &[3; 1000]).len(), 1010);
    assert_eq!((plugin.on_threads(3).len(), plugin.aligned(), live(&plugin)), (3, true, 0));
    plugin.close().unwrap();
}
