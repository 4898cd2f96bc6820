//! `Sink`: bytes that one side writes into the other's vector.
//!
//! In: a vector, lent for a call. Out: pointer, length and capacity, and the function by which the vector's own side grows
//! it and learns how much was written. It does not know allocators: nobody touches another's. It crosses as a pointer to these
//! five words, which stay where they were written.

use alloc::vec::Vec;
use core::cell::Cell;
use core::ffi::c_void;
use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr;

use super::{Invalid, PluginType, built_in};
use crate::Hasher;
use crate::describe::{Kind, TypeRef};

/// Somebody else's `Vec<u8>`, to be written to: an argument for results that a caller keeps in memory of its own, call after
/// call.
///
/// A contract has it by value, as in `fn read(&self, key: &str, out: Sink<'_>)`. The caller passes `Sink::new(&mut bytes)`,
/// or `(&mut bytes).into()`; what is written is appended, also when the method panics half way through.
pub struct Sink<'a> {
    abi: SinkAbi,
    /// How many bytes the vector's side knows of.
    told: Cell<usize>,
    vector: PhantomData<&'a mut Vec<u8>>,
}

/// A [`Sink`] on the wire.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct SinkAbi {
    /// The first byte; may be dangling when `cap` is 0.
    pub ptr: *mut u8,
    /// How many bytes there are.
    pub len: usize,
    /// For how many bytes there is memory.
    pub cap: usize,
    /// Called with `context`, the number of bytes that are there by now, and for how many more there shall be room. Nothing
    /// that is known of the memory holds afterwards but what it returns. Whoever wrote calls it at the end, with 0.
    pub grow: Option<Grow>,
    /// What `grow` knows the vector by.
    pub context: *mut c_void,
}

/// Where a sink's bytes are, once it has grown.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Room {
    /// The first byte; null when there is no such memory.
    pub ptr: *mut u8,
    /// For how many bytes there is memory.
    pub cap: usize,
}

// SAFETY: it stands for a `&mut Vec<u8>`, and `grow` may be called on any thread.
unsafe impl Send for Sink<'_> {}
// SAFETY: through a shared one the bytes are only read.
unsafe impl Sync for Sink<'_> {}

impl<'a> Sink<'a> {
    /// Lends a vector: what is written is appended to it.
    #[inline]
    #[must_use]
    pub fn new(bytes: &'a mut Vec<u8>) -> Self {
        let (ptr, len, cap) = (bytes.as_mut_ptr(), bytes.len(), bytes.capacity());
        let context = ptr::from_mut(bytes).cast();
        Self {
            abi: SinkAbi { ptr, len, cap, grow: Some(grow), context },
            told: Cell::new(len),
            vector: PhantomData,
        }
    }
}

impl Sink<'_> {
    /// Appends bytes.
    ///
    /// # Panics
    /// The vector's side has no memory for them.
    #[inline]
    pub fn write(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        // SAFETY: there is room behind the bytes that are there.
        let end = unsafe { self.abi.ptr.add(self.abi.len) };
        // SAFETY: for as many as this, and nobody else has that memory.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), end, bytes.len()) };
        self.abi.len += bytes.len();
    }

    /// Appends bytes, under the name that a vector has for it.
    ///
    /// # Panics
    /// As [`write`](Self::write) does.
    #[inline]
    pub fn extend_from_slice(&mut self, bytes: &[u8]) {
        self.write(bytes);
    }

    /// Makes room for as many bytes more.
    ///
    /// # Panics
    /// The vector's side has no memory for them.
    #[inline]
    pub fn reserve(&mut self, more: usize) {
        if self.abi.cap - self.abi.len < more {
            self.told.set(self.abi.len);
            let room = grown(self.abi.grow, self.abi.context, self.abi.len, more);
            (self.abi.ptr, self.abi.cap) = (room.ptr, room.cap);
        }
    }

    /// The memory behind the bytes that are there. [`advance`](Self::advance) says how much of it was written.
    #[must_use]
    pub fn spare_capacity(&mut self) -> &mut [MaybeUninit<u8>] {
        let spare = self.abi.cap - self.abi.len;
        if spare == 0 {
            return &mut [];
        }
        // SAFETY: the capacity reaches further than the length.
        let end = unsafe { self.abi.ptr.add(self.abi.len) };
        // SAFETY: as far as this, and nobody else has that memory.
        unsafe { core::slice::from_raw_parts_mut(end.cast(), spare) }
    }

    /// Says that the first bytes of [`spare_capacity`](Self::spare_capacity) were written.
    ///
    /// # Panics
    /// There are not as many.
    ///
    /// # Safety
    /// They were.
    pub unsafe fn advance(&mut self, written: usize) {
        assert!(written <= self.abi.cap - self.abi.len, "there is no room for what is said to be written");
        self.abi.len += written;
    }

    /// Every byte that is there, those included that were there before.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        if self.abi.len == 0 {
            return &[];
        }
        // SAFETY: as many were there, or were written.
        unsafe { core::slice::from_raw_parts(self.abi.ptr, self.abi.len) }
    }

    /// Lends it on: what is written to the other one is in this one as well.
    #[must_use]
    pub fn reborrow(&mut self) -> Sink<'_> {
        let SinkAbi { ptr, len, cap, .. } = self.abi;
        let context = ptr::from_mut(self).cast();
        Sink {
            abi: SinkAbi { ptr, len, cap, grow: Some(grow_lent), context },
            told: Cell::new(len),
            vector: PhantomData,
        }
    }

    /// Its wire form, which lies in it: what the other side writes is told to the vector's side, and not to this sink.
    ///
    /// # Safety
    /// Nobody else has it, and nobody uses it any more once the other side has received it, but to drop it.
    #[doc(hidden)]
    #[must_use]
    #[inline]
    pub unsafe fn send(&self) -> *const SinkAbi {
        if self.told.get() != self.abi.len {
            tell(self.abi.grow, self.abi.context, self.abi.len, 0);
            self.told.set(self.abi.len);
        }
        &raw const self.abi
    }

    /// How many bytes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.abi.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.abi.len == 0
    }
}

type Grow = unsafe extern "C" fn(*mut c_void, usize, usize) -> Room;

// By value, all of them: a sink whose address is known lies in memory, and each write to it waits for the one before.

/// Asks for room.
#[cold]
fn grown(grow: Option<Grow>, context: *mut c_void, len: usize, more: usize) -> Room {
    let room = tell(grow, context, len, more);
    let enough = room.cap.checked_sub(len).is_some_and(|spare| spare >= more);
    assert!(!room.ptr.is_null() && enough, "the caller has no memory for {more} bytes more");
    room
}

/// Says how many bytes there are.
#[inline]
fn tell(grow: Option<Grow>, context: *mut c_void, len: usize, more: usize) -> Room {
    match grow {
        // SAFETY: context and function came together, and as many bytes are there.
        Some(grow) => unsafe { grow(context, len, more) },
        None => Room { ptr: ptr::null_mut(), cap: 0 },
    }
}

impl Drop for Sink<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.told.get() != self.abi.len {
            tell(self.abi.grow, self.abi.context, self.abi.len, 0);
        }
    }
}

/// Takes over what was written, and makes room.
unsafe extern "C" fn grow(context: *mut c_void, len: usize, more: usize) -> Room {
    // SAFETY: `Sink::new` of this very side made the context from a vector that is lent as long as the sink lives.
    let bytes = unsafe { &mut *context.cast::<Vec<u8>>() };
    // What was there stays: a sink is appended to.
    if len < bytes.len() || len > bytes.capacity() || len.checked_add(more).is_none() {
        return Room { ptr: ptr::null_mut(), cap: 0 };
    }
    // SAFETY: whoever writes says that as many bytes are there, and there is memory for them.
    unsafe { bytes.set_len(len) };
    match bytes.try_reserve(more) {
        Ok(()) => Room { ptr: bytes.as_mut_ptr(), cap: bytes.capacity() },
        Err(_) => Room { ptr: ptr::null_mut(), cap: 0 },
    }
}

/// The same of a sink that was lent on.
unsafe extern "C" fn grow_lent(context: *mut c_void, len: usize, more: usize) -> Room {
    // SAFETY: `Sink::reborrow` of this very side made the context from a sink that is lent as long as the other one lives.
    let lender = unsafe { &mut *context.cast::<Sink<'_>>() };
    let nothing = Room { ptr: ptr::null_mut(), cap: 0 };
    let Some(spare) = lender.abi.cap.checked_sub(len).filter(|_| len >= lender.abi.len) else {
        return nothing;
    };
    lender.abi.len = len;
    if spare < more {
        lender.told.set(len);
        let room = tell(lender.abi.grow, lender.abi.context, len, more);
        if room.ptr.is_null() || room.cap.checked_sub(len).is_none_or(|spare| spare < more) {
            return nothing;
        }
        (lender.abi.ptr, lender.abi.cap) = (room.ptr, room.cap);
    }
    Room { ptr: lender.abi.ptr, cap: lender.abi.cap }
}

impl<'a> From<&'a mut Vec<u8>> for Sink<'a> {
    #[inline]
    fn from(bytes: &'a mut Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl AsRef<[u8]> for Sink<'_> {
    fn as_ref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl fmt::Debug for Sink<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}

#[cfg(feature = "std")]
impl std::io::Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Sink::write(self, bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

// SAFETY: the memory is the sender's, and only its own function grows it.
unsafe impl PluginType for Sink<'_> {
    type Abi = *const SinkAbi;
    const ID: u128 = Hasher::new().text("Sink").finish().0;
    const DESC: TypeRef =
        TypeRef::new(const { &built_in::<*const SinkAbi>(Self::ID, Kind::Sink, "Sink", &[]) });

    /// Never: it is sent from where it is. In any other place than an argument of its own the macros refuse it.
    fn into_abi(self) -> *const SinkAbi {
        panic!("a sink crosses as an argument by itself");
    }

    /// Another side's, which leaves the vector alone until this is dropped.
    #[inline]
    unsafe fn from_abi(abi: *const SinkAbi) -> Result<Self, Invalid> {
        if abi.is_null() {
            return Err(Invalid::NullPointer);
        }
        if !abi.is_aligned() {
            return Err(Invalid::Misaligned);
        }
        // SAFETY: there is one, says the caller. A copy: a sink whose address is known lies in memory, and each write to it waits
        // for the one before.
        let abi = unsafe { *abi };
        if abi.grow.is_none() {
            return Err(Invalid::Sink);
        }
        if abi.len > abi.cap || isize::try_from(abi.cap).is_err() {
            return Err(Invalid::TooLong);
        }
        if abi.ptr.is_null() && abi.cap > 0 {
            return Err(Invalid::NullPointer);
        }
        Ok(Self { abi, told: Cell::new(abi.len), vector: PhantomData })
    }
}
