//! The half of lent memory that lends: an allocator as functions, and the count of what is out.
//!
//! In: sizes and alignments from a plugin. Out: memory of this side's, counted. It does not know which plugin asks: each has
//! a count of its own.

use std::alloc::{self, GlobalAlloc, Layout, System};

use crate::lent::Memory;
use crate::sync::atomic::{AtomicIsize, Ordering};
use crate::wire::memory::OWN;

impl Memory {
    /// This side's memory, whatever its global allocator is, for a plugin whose bytes are counted there.
    #[must_use]
    pub const fn of(live: &'static AtomicIsize) -> Self {
        Self::from::<Global>(live)
    }

    /// The system's memory.
    pub(crate) const fn of_system(live: &'static AtomicIsize) -> Self {
        Self::from::<System>(live)
    }

    const fn from<A: Source>(live: &'static AtomicIsize) -> Self {
        Self {
            size: size_of::<Self>(),
            live,
            alloc: alloc::<A>,
            alloc_zeroed: alloc_zeroed::<A>,
            dealloc: dealloc::<A>,
            realloc: realloc::<A>,
            free: OWN,
        }
    }
}

/// An allocator that is the same everywhere.
trait Source: GlobalAlloc {
    const IT: Self;
}

impl Source for System {
    const IT: Self = Self;
}

/// The global allocator, whichever it is.
struct Global;

impl Source for Global {
    const IT: Self = Self;
}

// SAFETY: it is the global allocator, which is one.
unsafe impl GlobalAlloc for Global {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is the same.
        unsafe { alloc::alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is the same.
        unsafe { alloc::alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is the same.
        unsafe { alloc::dealloc(ptr, layout) };
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new: usize) -> *mut u8 {
        // SAFETY: the caller's promise is the same.
        unsafe { alloc::realloc(ptr, layout, new) }
    }
}

/// Counts bytes, unless there is no memory after all. No size exceeds `isize::MAX`.
///
/// # Safety
/// The count is there.
unsafe fn counted(live: *const AtomicIsize, ptr: *mut u8, bytes: isize) -> *mut u8 {
    if !ptr.is_null() {
        // SAFETY: as the caller promises.
        unsafe { &*live }.fetch_add(bytes, Ordering::Relaxed);
    }
    ptr
}

/// # Safety
/// It is the size and the alignment of a layout.
unsafe fn layout(size: usize, align: usize) -> Layout {
    // SAFETY: as the caller promises.
    unsafe { Layout::from_size_align_unchecked(size, align) }
}

unsafe extern "C" fn alloc<A: Source>(live: *const AtomicIsize, size: usize, align: usize) -> *mut u8 {
    // SAFETY: the plugin's allocator was asked for this layout.
    let layout = unsafe { layout(size, align) };
    // SAFETY: as above; the size is not 0.
    let ptr = unsafe { A::IT.alloc(layout) };
    // SAFETY: `Memory::from` put a static's address beside this function.
    unsafe { counted(live, ptr, size as isize) }
}

unsafe extern "C" fn alloc_zeroed<A: Source>(live: *const AtomicIsize, size: usize, align: usize) -> *mut u8 {
    // SAFETY: the plugin's allocator was asked for this layout.
    let layout = unsafe { layout(size, align) };
    // SAFETY: as above; the size is not 0.
    let ptr = unsafe { A::IT.alloc_zeroed(layout) };
    // SAFETY: as for `alloc`.
    unsafe { counted(live, ptr, size as isize) }
}

unsafe extern "C" fn dealloc<A: Source>(live: *const AtomicIsize, ptr: *mut u8, size: usize, align: usize) {
    // SAFETY: the plugin's allocator was given this layout.
    let layout = unsafe { layout(size, align) };
    // SAFETY: as for `alloc`.
    let ptr = unsafe { counted(live, ptr, -(size as isize)) };
    // SAFETY: it was allocated here, with the same layout.
    unsafe { A::IT.dealloc(ptr, layout) };
}

unsafe extern "C" fn realloc<A: Source>(
    live: *const AtomicIsize,
    ptr: *mut u8,
    size: usize,
    align: usize,
    new: usize,
) -> *mut u8 {
    // SAFETY: the plugin's allocator was given this layout.
    let layout = unsafe { layout(size, align) };
    // SAFETY: it was allocated here with the same, and the new size was checked by whoever asked.
    let ptr = unsafe { A::IT.realloc(ptr, layout, new) };
    // SAFETY: as for `alloc`.
    unsafe { counted(live, ptr, new as isize - size as isize) }
}
