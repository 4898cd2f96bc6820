//! Runs of elements: lent (`&[T]`) and moved (`Vec<T>`).

use alloc::vec::Vec;
use core::mem::ManuallyDrop;

use super::memory::{self, Free};
use super::{Invalid, Mirrors, Plain, PluginType, built_in, lent_as_it_is, unnamed};
use crate::Hasher;
use crate::describe::{Kind, TypeRef};

/// `&[T]` and `&str` on the wire: a pointer and a number of elements. Nothing is owned.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct RawSlice<T> {
    /// The first element; may be null or dangling when `len` is 0.
    pub ptr: *const T,
    /// How many elements.
    pub len: usize,
}

impl<T> RawSlice<T> {
    /// Lends a slice.
    #[inline]
    #[must_use]
    pub const fn new(items: &[T]) -> Self {
        Self { ptr: items.as_ptr(), len: items.len() }
    }

    /// The slice, once pointer and length make sense.
    ///
    /// # Errors
    /// The pointer is null or misaligned, or the length exceeds the address space.
    ///
    /// # Safety
    /// `ptr` points to `len` initialised elements that live, unchanged, for `'a`.
    #[inline]
    pub unsafe fn borrow<'a>(self) -> Result<&'a [T], Invalid> {
        check(self.ptr, self.len)?;
        if self.len == 0 {
            return Ok(&[]);
        }
        // SAFETY: pointer and length were checked; the caller promises the rest.
        Ok(unsafe { core::slice::from_raw_parts(self.ptr, self.len) })
    }
}

/// `Vec<T>` and `String` on the wire. The receiver owns the elements, and gives the memory back through `free`, which
/// belongs to the side that allocated it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct RawVec<T> {
    /// The first element; may be null or dangling when `cap` is 0.
    pub ptr: *mut T,
    /// How many elements.
    pub len: usize,
    /// For how many elements there is memory.
    pub cap: usize,
    /// Gives the memory back: called once with `ptr` and `cap`, after the elements were moved out.
    /// Null when there is nothing to give back.
    pub free: Option<Free>,
}

impl<T> RawVec<T> {
    /// A vector that is about to cross.
    #[inline]
    #[must_use]
    pub fn from_vec(items: Vec<T>) -> Self {
        memory::leave(Self::apart(items))
    }

    /// A vector taken apart. Unless it crosses, it is put [together](Self::together) again or [given
    /// back](Self::give_back).
    #[inline]
    pub(super) fn apart(items: Vec<T>) -> Self {
        let mut items = ManuallyDrop::new(items);
        // A vector's fields were stored one by one, the length last. Read in pairs, as a compiler likes to, they would
        // come late: after everything stored before, the elements included. The length is needed first.
        let ptr = by_itself(items.as_mut_ptr());
        Self { ptr, len: items.len(), cap: items.capacity(), free: Some(memory::own::<T>()) }
    }

    /// That pointer, length and capacity fit together.
    ///
    /// # Errors
    /// They do not. Then nothing can be given back: it cannot be told what is there.
    #[inline]
    pub(super) fn check(&self) -> Result<(), Invalid> {
        if self.len > self.cap {
            return Err(Invalid::TooLong);
        }
        check(self.ptr.cast_const(), self.len)
    }

    /// The elements in a vector of this side: in place when the memory is, else copied, and the memory is given back to
    /// the other.
    ///
    /// # Errors
    /// Pointer, length and capacity do not fit together. Then nothing is given back: it cannot be told what is there.
    ///
    /// # Safety
    /// This is what [`from_vec`](Self::from_vec) or code that follows the wire form made, and it is not used again.
    #[inline]
    pub unsafe fn take(self) -> Result<Vec<T>, Invalid>
    where
        T: Copy,
    {
        self.check()?;
        // SAFETY: just checked; the caller promises the rest.
        Ok(unsafe { memory::arrive(self).together() })
    }

    /// The same of what was checked.
    ///
    /// # Safety
    /// As for [`take`](Self::take), and [`check`](Self::check) found nothing.
    #[inline]
    pub(super) unsafe fn together(self) -> Vec<T>
    where
        T: Copy,
    {
        if memory::is_own::<T>(self.free) && self.cap > 0 {
            // SAFETY: the function says that a vector of this side, with elements of this layout, was taken apart.
            return unsafe { Vec::from_raw_parts(self.ptr, self.len, self.cap) };
        }
        let items = match self.len {
            0 => &[],
            // SAFETY: `len` elements are initialised, says the caller.
            len => unsafe { core::slice::from_raw_parts(self.ptr, len) },
        };
        let items = copied(items);
        // SAFETY: the elements were copied out.
        unsafe { self.give_back() };
        items
    }

    /// Gives the memory back to whom it belongs.
    ///
    /// # Safety
    /// As for [`take`](Self::take), and the elements have moved out.
    #[inline]
    pub(super) unsafe fn give_back(self) {
        if let Some(free) = self.free {
            // SAFETY: `free` comes with the memory and is called once.
            unsafe { free(self.ptr.cast(), self.cap) };
        }
    }
}

/// The elements in a vector of this side.
///
/// Both lie on one heap, often one behind the other: the copy of a vector of 4 KiB then begins a few bytes further in its
/// page. Processors that move long strings by themselves are slow at that, and the C library asks them to from about
/// 2 KiB on. Shorter pieces are moved by loads and stores.
#[inline]
fn copied<T: Copy>(items: &[T]) -> Vec<T> {
    const PAGE: usize = 4096;
    const LINE: usize = 64;
    const PIECE: usize = 2048;
    let mut copied: Vec<T> = Vec::with_capacity(items.len());
    let further = copied.as_ptr().addr().wrapping_sub(items.as_ptr().addr()) % PAGE;
    let most = if further < LINE { PIECE / size_of::<T>().clamp(1, PIECE) } else { items.len() };
    fill(&mut copied, items, most);
    copied
}

/// Copies the elements, at most so many at once, into an empty vector that has room for them.
#[inline]
fn fill<T: Copy>(copied: &mut Vec<T>, items: &[T], most: usize) {
    let len = items.len();
    assert!(copied.capacity() >= len);
    let mut at = 0;
    while at < len {
        let count = (len - at).min(most);
        // SAFETY: `at` is below the number of elements.
        let from = unsafe { items.as_ptr().add(at) };
        // SAFETY: there is room for as many.
        let to = unsafe { copied.as_mut_ptr().add(at) };
        // SAFETY: `count` elements are left in both, and the memory of the copy is new.
        unsafe { core::ptr::copy_nonoverlapping(from, to, count) };
        at += count;
    }
    // SAFETY: all of them were written.
    unsafe { copied.set_len(len) };
}

#[inline]
fn check<T>(ptr: *const T, len: usize) -> Result<(), Invalid> {
    if len == 0 {
        return Ok(());
    }
    if ptr.is_null() {
        return Err(Invalid::NullPointer);
    }
    if !ptr.is_aligned() {
        return Err(Invalid::Misaligned);
    }
    match len.checked_mul(size_of::<T>()) {
        Some(bytes) if isize::try_from(bytes).is_ok() => Ok(()),
        _ => Err(Invalid::TooLong),
    }
}

// SAFETY: plain data is its own wire form, so that its memory can be lent.
unsafe impl<T: Plain> PluginType for &[T] {
    type Abi = RawSlice<T>;
    const ID: u128 = Hasher::new().text("&[]").number(T::ID).finish().0;
    const DESC: TypeRef = TypeRef::new(
        const { &built_in::<RawSlice<T>>(Self::ID, Kind::Slice, "slice", const { &[unnamed(T::DESC)] }) },
    );

    #[inline]
    fn into_abi(self) -> RawSlice<T> {
        RawSlice::new(self)
    }

    lent_as_it_is!();

    #[inline]
    unsafe fn from_abi(abi: RawSlice<T>) -> Result<Self, Invalid> {
        // SAFETY: the caller promises that what is borrowed lives as long as the value is used.
        unsafe { abi.borrow() }
    }
}

// SAFETY: the elements are turned into their wire forms one by one, or moved as they are when they are plain.
unsafe impl<T: PluginType> PluginType for Vec<T> {
    type Abi = RawVec<T::Abi>;
    const ID: u128 = Hasher::new().text("Vec").number(T::ID).finish().0;
    const DESC: TypeRef = TypeRef::new(
        const { &built_in::<RawVec<T::Abi>>(Self::ID, Kind::Vec, "Vec", const { &[unnamed(T::DESC)] }) },
    );

    #[inline]
    fn into_abi(self) -> RawVec<T::Abi> {
        T::vec_into_abi(self)
    }

    #[inline]
    fn lend(&self, mirrors: &mut Mirrors) -> RawVec<T::Abi> {
        T::vec_lend(self, mirrors)
    }

    #[inline]
    unsafe fn from_abi(abi: RawVec<T::Abi>) -> Result<Self, Invalid> {
        // SAFETY: as the caller promises of `abi`.
        unsafe { T::vec_from_abi(abi) }
    }
}

/// The same pointer, which a compiler does not know to have come from beside anything else.
#[inline(always)]
#[allow(clippy::pointers_in_nomem_asm_block, reason = "there are no instructions")]
fn by_itself<T>(ptr: *mut T) -> *mut T {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    {
        let mut ptr = ptr;
        // SAFETY: there are no instructions, and it stays in its register: `black_box` would pass it through memory.
        unsafe {
            core::arch::asm!("/* {} */", inout(reg) ptr, options(pure, nomem, nostack, preserves_flags));
        }
        ptr
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    core::hint::black_box(ptr)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_in_pieces_is_whole() {
        for len in [0, 1, 2, 3, 4, 100] {
            let items: Vec<u16> = (0..len).collect();
            for most in [1, 2, 3, usize::MAX] {
                let mut copied = Vec::with_capacity(items.len());
                fill(&mut copied, &items, most);
                assert_eq!(copied, items, "{most} at once");
            }
        }
    }

    #[test]
    fn a_vector_of_this_side_is_taken_where_it_is_and_any_other_is_copied() {
        let items = vec![1_u64, 2, 3];
        let place = items.as_ptr();
        // SAFETY: it was made just now, and is used once.
        let taken = unsafe { RawVec::from_vec(items).take() }.unwrap();
        assert_eq!((taken.as_ptr(), &*taken), (place, &[1, 2, 3][..]));

        // As large as it is aligned is none of these: nobody else's layout is promised by a function of another.
        let items = vec![[1_u8; 3]; 2];
        let place = items.as_ptr();
        // SAFETY: as above.
        let taken = unsafe { RawVec::from_vec(items).take() }.unwrap();
        assert!(taken.as_ptr() != place && taken == [[1; 3]; 2]);

        unsafe extern "C" fn keep(_: *mut core::ffi::c_void, _: usize) {}
        let mut items = [1_u8, 2];
        let raw = RawVec { ptr: items.as_mut_ptr(), len: 2, cap: 2, free: Some(keep) };
        // SAFETY: the elements are there, and nobody frees them.
        let taken = unsafe { raw.take() }.unwrap();
        assert!(taken.as_ptr() != items.as_ptr() && taken == items);
    }

    #[test]
    fn a_vector_is_the_same_wherever_its_copy_lies() {
        // On many heaps the copy of a page lies where it is made in pieces; with these lengths it lies everywhere.
        for len in (4096 - 128..4096 + 128).chain([0, 1, 2049, 100_000]) {
            let items: Vec<u8> = (0..len).map(|at| at as u8).collect();
            assert_eq!(copied(&items), items);
        }
        let large = [[7_u8; 3000]; 5];
        assert_eq!(copied(&large), large);
    }
}
