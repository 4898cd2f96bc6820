//! Vectors that cross while memory is lent: counted here and there, and copied out of the arena.
//!
//! In: a vector's memory, as it leaves or arrives. Out: whose it is from now on. It does not know what lies in it.

use std::alloc::{Layout, alloc, handle_alloc_error};
use std::ptr;

use super::allocator::EARLY;
use super::{Crossing, lent};
use crate::wire::memory::{Free, OWN};

pub(super) static CROSSING: Crossing = Crossing { left, arrived };

fn left(ptr: *mut u8, len: usize, cap: usize, class: usize) -> (*mut u8, Free) {
    let Some(memory) = lent() else { return (ptr, OWN[class]) };
    // Elements are as large as they are aligned, and each class twice as large as the one before it.
    let layout = Layout::from_size_align(cap << class, 1 << class).expect("a vector has this memory");
    memory.moved(-(layout.size() as isize));
    if layout.size() == 0 || !EARLY.contains(ptr) {
        return (ptr, memory.free[class]);
    }
    // SAFETY: the size is not 0.
    let moved = unsafe { alloc(layout) };
    if moved.is_null() {
        handle_alloc_error(layout);
    }
    // SAFETY: both have as many, and nobody uses those there any more: memory of the arena needs no freeing.
    unsafe { ptr::copy_nonoverlapping(ptr, moved, len << class) };
    (moved, memory.free[class])
}

fn arrived(free: Free, cap: usize, class: usize) -> Free {
    match lent() {
        Some(memory) if ptr::fn_addr_eq(free, memory.free[class]) => {
            memory.moved((cap << class) as isize);
            OWN[class]
        }
        _ => free,
    }
}
