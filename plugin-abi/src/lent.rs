//! A host's memory, lent to a plugin: vectors then move from side to side without a copy, and the host counts.
//!
//! In: the host's functions, when it connects. Out: the plugin's global allocator, and what is told of vectors that leave
//! and arrive. It does not know how a host allocates: with whatever its own global allocator is.
//!
//! What is allocated before the host connected, by ELF constructors say, lies in an [`Arena`](arena::Arena).

use core::ptr;
use core::sync::atomic::AtomicPtr;

use crate::sync::atomic::{AtomicIsize, Ordering};
use crate::wire::memory::{CLASSES, Free};

#[cfg(feature = "std")]
mod allocator;
#[cfg(feature = "std")]
mod arena;
#[cfg(feature = "std")]
mod crossing;

#[cfg(feature = "std")]
pub use allocator::LentAllocator;
#[cfg(feature = "std")]
pub(crate) use allocator::connect;
#[cfg(all(test, loom))]
pub(crate) use arena::Arena;

/// A host's memory, as one plugin gets it. It may grow at its end: `size` says how far it goes.
#[repr(C)]
pub struct Memory {
    /// The size of this struct in bytes, on the host's side.
    pub size: usize,
    /// How many bytes the plugin has. Each function below adds and subtracts what it hands out and takes back; the plugin
    /// subtracts what moves to the host, and adds what moves to it.
    pub live: *const AtomicIsize,
    /// Memory of this size and alignment, or null.
    pub alloc: unsafe extern "C" fn(live: *const AtomicIsize, size: usize, align: usize) -> *mut u8,
    /// The same, of zeros.
    pub alloc_zeroed: unsafe extern "C" fn(live: *const AtomicIsize, size: usize, align: usize) -> *mut u8,
    /// Takes back memory of this size and alignment.
    pub dealloc: unsafe extern "C" fn(live: *const AtomicIsize, ptr: *mut u8, size: usize, align: usize),
    /// Memory of this size and alignment, made as large as `new`, perhaps elsewhere; or null, and it is as it was.
    pub realloc: unsafe extern "C" fn(
        live: *const AtomicIsize,
        ptr: *mut u8,
        size: usize,
        align: usize,
        new: usize,
    ) -> *mut u8,
    /// By which the host knows vectors of its own memory: elements of 1, 2, 4, 8 and 16 bytes, aligned alike.
    pub free: [Free; CLASSES],
}

// SAFETY: it is immutable, and its functions and the count may be used on any thread.
unsafe impl Sync for Memory {}
// SAFETY: as above.
unsafe impl Send for Memory {}

/// The memory that was lent to this plugin; null in hosts, and in plugins that have their own.
#[cfg(feature = "std")]
static LENT: AtomicPtr<Memory> = AtomicPtr::new(ptr::null_mut());

/// What becomes of vectors that cross. Behind pointers, because only what lends names it: a plugin with memory of its own is linked
/// without it, and without the 64 KiB of the arena, which the dynamic linker would map at every load.
pub(crate) struct Crossing {
    /// One that leaves: where its elements are and what frees them, of how many there are, of how many there is memory for, and of
    /// which class.
    pub(crate) left: fn(ptr: *mut u8, len: usize, cap: usize, class: usize) -> (*mut u8, Free),
    /// What frees the one that arrived with this function: of how many there is memory for, and of which class.
    pub(crate) arrived: fn(free: Free, cap: usize, class: usize) -> Free,
}

/// What becomes of vectors that cross; null wherever nothing is lent.
static CROSSING: AtomicPtr<Crossing> = AtomicPtr::new(ptr::null_mut());

/// What becomes of vectors that cross, if memory was lent to this side.
#[inline]
pub(crate) fn crossing() -> Option<&'static Crossing> {
    // SAFETY: only `connect` puts a pointer there, to a static.
    unsafe { CROSSING.load(Ordering::Acquire).as_ref() }
}

/// The memory that was lent to this side, if any was.
#[cfg(feature = "std")]
#[inline]
pub(crate) fn lent() -> Option<&'static Memory> {
    // SAFETY: only `connect` puts a pointer there, to what the host promised to be there for good.
    unsafe { LENT.load(Ordering::Acquire).as_ref() }
}

#[cfg(feature = "std")]
impl Memory {
    /// Counts bytes that moved to the plugin, or from it when they are negative.
    #[inline]
    pub(crate) fn moved(&self, bytes: isize) {
        // SAFETY: the host promised that its count is there for good.
        let live = unsafe { &*self.live };
        live.fetch_add(bytes, Ordering::Relaxed);
    }
}
