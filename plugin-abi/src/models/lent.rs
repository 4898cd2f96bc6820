//! Lent memory: what is counted while threads allocate, give back and hand over; and memory from before there is a host.

use std::alloc::Layout;

use loom::thread;

use crate::Memory;
use crate::lent::Arena;
use crate::sync::Arc;
use crate::sync::atomic::{AtomicIsize, Ordering};

/// A count that is there for good, as a host's is.
fn count() -> &'static AtomicIsize {
    Box::leak(Box::new(AtomicIsize::new(0)))
}

/// Memory's address, on its way to another thread.
struct Piece(*mut u8);

// SAFETY: whoever has it is alone with it.
unsafe impl Send for Piece {}

fn alloc(memory: &Memory, size: usize) -> Piece {
    // SAFETY: the size is not 0.
    Piece(unsafe { (memory.alloc)(memory.live, size, 8) })
}

fn dealloc(memory: &Memory, piece: Piece, size: usize) {
    // SAFETY: it was allocated with this size.
    unsafe { (memory.dealloc)(memory.live, piece.0, size, 8) };
}

#[test]
fn the_count_is_never_below_zero_and_ends_at_what_is_left() {
    loom::model(|| {
        let live = count();
        let memory = Arc::new(Memory::of_system(live));
        let first = alloc(&memory, 8);
        let frees = {
            let memory = Arc::clone(&memory);
            thread::spawn(move || {
                // What came from another thread goes back on this one, and something goes over to the host.
                dealloc(&memory, first, 8);
                let second = alloc(&memory, 16);
                memory.moved(-16);
                second
            })
        };
        let grows = {
            let memory = Arc::clone(&memory);
            thread::spawn(move || {
                let Piece(third) = alloc(&memory, 8);
                // SAFETY: it was allocated with this size.
                Piece(unsafe { (memory.realloc)(memory.live, third, 8, 8, 32) })
            })
        };
        let asks = thread::spawn(move || assert!(live.load(Ordering::Relaxed) >= 0));
        asks.join().unwrap();
        let (second, third) = (frees.join().unwrap(), grows.join().unwrap());
        assert_eq!(live.load(Ordering::Relaxed), 32);
        memory.moved(16);
        dealloc(&memory, second, 16);
        dealloc(&memory, third, 32);
        assert_eq!(live.load(Ordering::Relaxed), 0);
    });
}

#[test]
fn what_comes_from_the_arena_is_disjoint_and_recognised_by_all() {
    // The first block has no room for two: both threads find that there must be a second, and both may make it.
    let layout = Layout::from_size_align(2500, 8).unwrap();
    let take = move |arena: &Arena| {
        let taken = arena.alloc(layout);
        assert!(!taken.is_null() && arena.contains(taken));
        taken.addr()
    };
    let body = move || {
        let arena = Arc::new(Arena::new());
        let first = take(&arena);
        let threads = [(); 2].map(|()| {
            let arena = Arc::clone(&arena);
            thread::spawn(move || take(&arena))
        });
        let [one, other] = threads.map(|thread| thread.join().unwrap());
        for (one, other) in [(one, other), (one, first), (other, first)] {
            assert!(one.abs_diff(other) >= layout.size());
        }
    };
    // An arena is more than the stacks of threads here hold.
    loom::model(move || thread::Builder::new().stack_size(1 << 16).spawn(body).unwrap().join().unwrap());
}
