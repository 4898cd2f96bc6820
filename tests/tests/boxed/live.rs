//! How many bytes a thread has of the allocator's, taken and not given back.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

fn add(layout: Layout, sign: isize) {
    LIVE.set(LIVE.get() + sign * layout.size().cast_signed());
}

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout, 1);
        // SAFETY: the caller's promise is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        add(layout, -1);
        // SAFETY: as above.
        unsafe { System.dealloc(ptr, layout) }
    }
}

/// What the work returns, and how many bytes it left behind; less than none when it gave back what was there before.
pub(super) fn during<T>(work: impl FnOnce() -> T) -> (T, isize) {
    let before = LIVE.get();
    let done = work();
    (done, LIVE.get() - before)
}
