//! Memory from before there is any: handed out once, recognised for ever, never given back.
//!
//! In: layouts. Out: memory in a few large blocks, of which the first is part of the library. It does not know who asks, nor
//! whether a host will ever come.

use std::alloc::{GlobalAlloc as _, Layout, System};
use std::cell::UnsafeCell;
use std::ptr;

use crate::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// The first block's size in bytes. Each further one is twice as large.
const FIRST: usize = if cfg!(all(test, loom)) { 4 << 10 } else { 64 << 10 };
/// More than an address space holds.
const BLOCKS: usize = 32;
/// What blocks begin at.
const ALIGN: usize = 4096;

/// Blocks of memory, taken from the first on.
pub(crate) struct Arena {
    first: Block,
    starts: [AtomicPtr<u8>; BLOCKS],
    used: [AtomicUsize; BLOCKS],
}

#[repr(C, align(4096))]
struct Block(UnsafeCell<[u8; FIRST]>);

// SAFETY: its bytes are touched by whom they were handed out to only.
unsafe impl Sync for Block {}

impl Arena {
    #[cfg(not(all(test, loom)))]
    pub(crate) const fn new() -> Self {
        Self {
            first: Block(UnsafeCell::new([0; FIRST])),
            starts: [const { AtomicPtr::new(ptr::null_mut()) }; BLOCKS],
            used: [const { AtomicUsize::new(0) }; BLOCKS],
        }
    }

    #[cfg(all(test, loom))]
    pub(crate) fn new() -> Self {
        Self {
            first: Block(UnsafeCell::new([0; FIRST])),
            starts: [(); BLOCKS].map(|()| AtomicPtr::new(ptr::null_mut())),
            used: [(); BLOCKS].map(|()| AtomicUsize::new(0)),
        }
    }

    const fn size(at: usize) -> usize {
        FIRST << at
    }

    /// Where a block begins; null when nobody needed it yet.
    #[inline]
    fn start(&self, at: usize) -> *mut u8 {
        if at == 0 { self.first.0.get().cast() } else { self.starts[at].load(Ordering::Acquire) }
    }

    /// Whether this lies in memory that was handed out here.
    #[inline]
    pub(crate) fn contains(&self, ptr: *const u8) -> bool {
        for at in 0..BLOCKS {
            let start = self.start(at);
            if start.is_null() {
                return false;
            }
            if ptr.addr().wrapping_sub(start.addr()) < Self::size(at) {
                return true;
            }
        }
        false
    }

    /// Memory that nobody had before, full of zeros; null when there is none.
    #[cold]
    pub(crate) fn alloc(&self, layout: Layout) -> *mut u8 {
        // What a block cannot hold, a larger one might.
        for at in 0..BLOCKS {
            if Self::size(at) < layout.size() {
                continue;
            }
            // None is left out: the first that is not there ends every search.
            let start = (0..=at).map(|at| self.block(at)).last().unwrap_or(ptr::null_mut());
            if start.is_null() {
                return start;
            }
            let fits = |used: usize| {
                let from = (start.addr() + used).checked_next_multiple_of(layout.align())? - start.addr();
                from.checked_add(layout.size()).filter(|end| *end <= Self::size(at)).map(|end| (from, end))
            };
            let taken = self.used[at]
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| fits(used).map(|(_, end)| end));
            if let Some((from, _)) = taken.ok().and_then(fits) {
                return start.wrapping_add(from);
            }
        }
        ptr::null_mut()
    }

    /// Where a block begins, which is made if it is not there.
    fn block(&self, at: usize) -> *mut u8 {
        let known = self.start(at);
        if !known.is_null() {
            return known;
        }
        let Ok(layout) = Layout::from_size_align(Self::size(at), ALIGN) else { return ptr::null_mut() };
        // SAFETY: the size is not 0.
        let new = unsafe { System.alloc_zeroed(layout) };
        let old = ptr::null_mut();
        match self.starts[at].compare_exchange(old, new, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => new,
            Err(other) => {
                if !new.is_null() {
                    // SAFETY: allocated just now, and nobody has seen it.
                    unsafe { System.dealloc(new, layout) };
                }
                other
            }
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    #[test]
    fn memory_is_aligned_disjoint_and_recognised() {
        static ARENA: Arena = Arena::new();
        let elsewhere = Box::new(0_u8);
        let mut known: Vec<(usize, usize)> = Vec::new();
        for (size, align) in
            [(1, 1), (3, 2), (100, 64), (1, 4096), (60_000, 8), (200_000, 16), (7, 1), (500_000, 8192)]
        {
            let ptr = ARENA.alloc(layout(size, align));
            assert!(!ptr.is_null() && ptr.addr().is_multiple_of(align), "{size} {align}");
            assert!(ARENA.contains(ptr) && ARENA.contains(ptr.wrapping_add(size - 1)));
            let (from, to) = (ptr.addr(), ptr.addr() + size);
            assert!(known.iter().all(|(start, end)| to <= *start || *end <= from), "{size} {align}");
            known.push((from, to));
            // SAFETY: as many bytes were handed out.
            let bytes = unsafe { std::slice::from_raw_parts_mut(ptr, size) };
            assert!(bytes.iter().all(|byte| *byte == 0));
            bytes.fill(1);
        }
        assert!(!ARENA.contains(&raw const *elsewhere) && !ARENA.contains(ptr::null()));
    }

    #[test]
    fn threads_get_memory_of_their_own() {
        static ARENA: Arena = Arena::new();
        let take = || (0..2000).map(|_| ARENA.alloc(layout(64, 8)).addr()).collect::<Vec<_>>();
        let threads = (0..4).map(|_| std::thread::spawn(take)).collect::<Vec<_>>();
        let mut all: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[1] - pair[0] >= 64));
    }

    #[test]
    fn what_no_block_can_hold_is_refused() {
        static ARENA: Arena = Arena::new();
        assert!(ARENA.alloc(layout(isize::MAX as usize - 7, 8)).is_null());
    }
}
