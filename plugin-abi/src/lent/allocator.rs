//! The global allocator of a plugin whose host lends it memory, and the moment when it does.
//!
//! In: what the plugin allocates, and what the host said when it connected. Out: the host's memory, the arena's before that,
//! and the system's when the host lends none. It does not know what is in it.

use std::alloc::{GlobalAlloc, Layout};
use std::mem::offset_of;
use std::ptr;
use std::sync::atomic::Ordering;

use super::arena::Arena;
use super::{CROSSING, LENT, Memory, crossing, lent};
use crate::HostServices;
use crate::sync::atomic::AtomicIsize;
use crate::sync::shared;

shared! {
    /// Memory from before the host connected.
    pub(super) static EARLY: Arena = Arena::new();
}

shared! {
    /// Nobody asks for it.
    static UNASKED: AtomicIsize = AtomicIsize::new(0);
}

shared! {
    /// What stands for a host's memory when it lends none.
    static ALONE: Memory = Memory::of_system(&UNASKED);
}

/// Allocates with the host's functions: `export_plugin!(allocator = host, …)` makes it the plugin's global allocator.
#[derive(Clone, Copy, Debug)]
pub struct LentAllocator;

/// Takes what the host lends, once: another host that connects to the same library finds it served.
///
/// # Safety
/// `host` is there for the length of the call, and the memory that it names, for good.
pub(crate) unsafe fn connect(host: *const HostServices) {
    // SAFETY: every host tells its size first.
    let size = unsafe { (*host).size };
    let memory = if size >= offset_of!(HostServices, memory) + size_of::<*const Memory>() {
        // SAFETY: the host's struct goes as far.
        unsafe { (*host).memory }
    } else {
        ptr::null()
    };
    // SAFETY: the host's memory, if any, is there for good.
    let whole = unsafe { memory.as_ref() }.is_some_and(|memory| memory.size >= size_of::<Memory>());
    let alone: &'static Memory = &ALONE;
    let memory = if whole { memory } else { alone };
    // First: who finds memory lent counts what crosses.
    CROSSING.store(ptr::from_ref(&crossing::CROSSING).cast_mut(), Ordering::Release);
    let none = ptr::null_mut();
    let _ = LENT.compare_exchange(none, memory.cast_mut(), Ordering::AcqRel, Ordering::Acquire);
}

// SAFETY: memory goes back to where it is of: the arena knows its own, and all else is of the one host that ever lends.
unsafe impl GlobalAlloc for LentAllocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match lent() {
            // SAFETY: the caller promises that the size is not 0; the host, that the function allocates.
            Some(memory) => unsafe { (memory.alloc)(memory.live, layout.size(), layout.align()) },
            None => EARLY.alloc(layout),
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        match lent() {
            // SAFETY: as above.
            Some(memory) => unsafe { (memory.alloc_zeroed)(memory.live, layout.size(), layout.align()) },
            None => EARLY.alloc(layout),
        }
    }

    #[inline]
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        if EARLY.contains(ptr) {
            return;
        }
        if let Some(memory) = lent() {
            // SAFETY: it is not of the arena, so it is the host's.
            unsafe { (memory.dealloc)(memory.live, ptr, layout.size(), layout.align()) };
        }
    }

    #[inline]
    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new: usize) -> *mut u8 {
        if EARLY.contains(ptr) {
            // SAFETY: the caller promises that size and alignment make a layout.
            let larger = unsafe { Layout::from_size_align_unchecked(new, layout.align()) };
            // SAFETY: and that the size is not 0.
            let moved = unsafe { self.alloc(larger) };
            if !moved.is_null() {
                // SAFETY: both have as many bytes, and are not the same.
                unsafe { ptr::copy_nonoverlapping(ptr, moved, layout.size().min(new)) };
            }
            return moved;
        }
        match lent() {
            // SAFETY: as for `dealloc`.
            Some(memory) => unsafe { (memory.realloc)(memory.live, ptr, layout.size(), layout.align(), new) },
            // Whoever has memory that is not of the arena has a host.
            None => ptr::null_mut(),
        }
    }
}
