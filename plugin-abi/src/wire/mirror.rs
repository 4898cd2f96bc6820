//! What is lent and has no form in place: `&Item`, `&[Item]`, `Option<&Item>`.
//!
//! In: a reference. Out: the wire form of what it refers to, made for the call and dropped after it: text and numbers in
//! it are pointed to where they lie, what else has to be laid out anew is kept here. The receiver makes a value of its own
//! of it, and frees nothing of the sender's. It does not know which call it is.

use alloc::alloc::{Layout, dealloc};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ops::Deref;
use core::ptr::NonNull;

use super::{ChangeAbi, Invalid, OptionAbi, PluginType, RawSlice, RawVec, built_in, unnamed};
use crate::Hasher;
use crate::call::{Rejected, rejected};
use crate::describe::{Kind, Member, TypeRef};

/// What the forms of lent values point to that is not theirs: it lives as long as this does.
#[derive(Default)]
pub struct Mirrors {
    kept: Vec<Kept>,
    copies: bool,
}

/// Memory without a type: what lay in it has no destructor.
struct Kept {
    ptr: NonNull<u8>,
    layout: Layout,
}

// SAFETY: nobody else has the memory, and what is in it is never looked at again.
unsafe impl Send for Kept {}

impl Drop for Kept {
    fn drop(&mut self) {
        // SAFETY: it came from a boxed slice of this layout, and is not used again.
        unsafe { dealloc(self.ptr.as_ptr(), self.layout) };
    }
}

impl Mirrors {
    /// For a receiver who may keep what it gets: what would stay the sender's, as a [`Buf`](super::Buf) does, is copied.
    pub(super) fn of_copies() -> Self {
        Self { kept: Vec::new(), copies: true }
    }

    /// Keeps wire forms in a row.
    pub fn keep<A: Copy>(&mut self, forms: Vec<A>) -> *mut A {
        let layout = Layout::for_value(&*forms);
        let ptr = Box::into_raw(forms.into_boxed_slice()).cast::<A>();
        if let (Some(kept), true) = (NonNull::new(ptr.cast()), layout.size() > 0) {
            self.kept.push(Kept { ptr: kept, layout });
        }
        ptr
    }

    /// Bytes that the receiver may leave where they are.
    pub(super) fn bytes(&self, bytes: &[u8]) -> RawVec<u8> {
        if self.copies { RawVec::from_vec(bytes.to_vec()) } else { RawVec::lent(bytes) }
    }
}

impl<A: Copy> RawVec<A> {
    /// A vector's form whose memory stays the sender's: the receiver copies the elements.
    #[must_use]
    pub const fn lent(items: &[A]) -> Self {
        Self { ptr: items.as_ptr().cast_mut(), len: items.len(), cap: items.len(), free: None }
    }

    /// The same of forms that were made for it.
    pub(super) fn kept(forms: Vec<A>, mirrors: &mut Mirrors) -> Self {
        let len = forms.len();
        Self { ptr: mirrors.keep(forms), len, cap: len, free: None }
    }
}

/// Nothing to give back: the sender keeps what is lent, and frees it after the call.
pub(crate) unsafe extern "C" fn keep(_: *mut (), _: u32) {}

/// The form of something lent, and what it points to.
pub struct Mirror<F> {
    form: F,
    _kept: Mirrors,
}

impl<F: Copy> Mirror<F> {
    /// The form of a value.
    #[must_use]
    pub fn of<T: PluginType<Abi = F>>(value: &T) -> Self {
        let mut kept = Mirrors::default();
        Self { form: value.lend(&mut kept), _kept: kept }
    }

    /// Where it is.
    #[must_use]
    pub const fn place(&self) -> *const F {
        &raw const self.form
    }
}

impl<F: Copy> Mirror<Option<F>> {
    /// The form of a value, if there is one.
    #[must_use]
    pub fn of_option<T: PluginType<Abi = F>>(value: Option<&T>) -> Self {
        let mut kept = Mirrors::default();
        Self { form: value.map(|value| value.lend(&mut kept)), _kept: kept }
    }

    /// Where it is.
    #[must_use]
    pub const fn option(&self) -> OptionAbi<*const F> {
        match &self.form {
            None => OptionAbi { tag: 0, value: MaybeUninit::uninit() },
            Some(form) => OptionAbi { tag: 1, value: MaybeUninit::new(&raw const *form) },
        }
    }
}

impl<F: Copy> Mirror<RawSlice<F>> {
    /// The forms of values in a row: these themselves, where they are plain data.
    #[must_use]
    pub fn of_slice<T: PluginType<Abi = F>>(items: &[T]) -> Self {
        let mut kept = Mirrors::default();
        let RawVec { ptr, len, .. } = T::vec_lend(items, &mut kept);
        Self { form: RawSlice { ptr: ptr.cast_const(), len }, _kept: kept }
    }

    /// Where they are.
    #[must_use]
    pub const fn slice(&self) -> RawSlice<F> {
        self.form
    }
}

/// A value of one's own, made of what was lent.
///
/// # Errors
/// The pointer is null or misaligned, or what it points to is no `T`.
///
/// # Safety
/// `form` is null, or points to what [`PluginType::lend`] or code that follows the wire form made, which is received once;
/// what is lent is alive for as long as the value is.
unsafe fn receive<T: PluginType>(form: *const T::Abi) -> Result<T, Invalid> {
    if form.is_null() {
        return Err(Invalid::NullPointer);
    }
    if !form.is_aligned() {
        return Err(Invalid::Misaligned);
    }
    // SAFETY: it was checked just now, and a form is there, says the caller.
    let form = unsafe { form.read() };
    // SAFETY: as the caller promises.
    unsafe { T::from_abi(form) }
}

/// Takes an argument that was lent.
///
/// # Errors
/// [`Rejected`], when there is no `T`.
///
/// # Safety
/// As for [`PluginType::from_abi`], of what `form` points to.
pub unsafe fn lent<T: PluginType>(argument: &'static str, form: *const T::Abi) -> Result<T, Rejected> {
    // SAFETY: the caller's promise is the same.
    rejected(argument, unsafe { receive(form) })
}

/// The same, where there may be none.
///
/// # Errors
/// As for [`lent`], or the tag is neither 0 nor 1.
///
/// # Safety
/// As for [`lent`].
pub unsafe fn lent_option<T: PluginType>(
    argument: &'static str,
    form: OptionAbi<*const T::Abi>,
) -> Result<Option<T>, Rejected> {
    let taken = match form.tag {
        0 => Ok(None),
        1 => {
            // SAFETY: tag 1 says that the pointer was written.
            let form = unsafe { form.value.assume_init() };
            // SAFETY: as the caller promises.
            unsafe { receive(form) }.map(Some)
        }
        tag => Err(Invalid::Tag { name: "Option", tag }),
    };
    rejected(argument, taken)
}

/// The same of values in a row.
///
/// # Errors
/// As for [`lent`], of each of them.
///
/// # Safety
/// As for [`lent`], of each of them.
pub unsafe fn lent_slice<'a, T: PluginType>(
    argument: &'static str,
    forms: RawSlice<T::Abi>,
) -> Result<Elements<'a, T>, Rejected> {
    // SAFETY: the caller's promise is the same.
    rejected(argument, unsafe { T::slice_from_abi(forms) })
}

/// Elements that arrived as a slice: where they lie, when they are plain data, else values of one's own.
pub enum Elements<'a, T> {
    /// The sender's.
    Lent(&'a [T]),
    /// The receiver's own.
    Made(Vec<T>),
}

impl<T> Deref for Elements<'_, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match self {
            Self::Lent(items) => items,
            Self::Made(items) => items,
        }
    }
}

/// What stands in the place of a field that has no form to be lent, as closures have none: [`is_data`](crate::is_data) is asked
/// before there is a call.
///
/// # Panics
/// Always.
#[cold]
pub fn cannot_be_lent<F>() -> F {
    panic!("a value with a closure in it cannot be lent across a plugin boundary")
}

/// What the macros print of a type that is lent.
pub struct Reference<T>(PhantomData<T>);

impl<T: PluginType> Reference<T> {
    const ID: u128 = Hasher::new().text("&").number(T::ID).finish().0;
    const MEMBERS: &'static [Member] = const { &[unnamed(T::DESC)] };

    /// The descriptor of `&T`.
    pub const REF: TypeRef =
        TypeRef::new(const { &built_in::<*const T::Abi>(Self::ID, Kind::Reference, "&", Self::MEMBERS) });

    /// The descriptor of `&mut T`.
    pub const MUT: TypeRef = TypeRef::new(
        const {
            &built_in::<*mut ChangeAbi<T::Abi>>(
                Hasher::new().text("&mut ").number(T::ID).finish().0,
                Kind::Reference,
                "&mut ",
                Self::MEMBERS,
            )
        },
    );

    /// The descriptor of `Option<&T>`.
    pub const OPTION: TypeRef = TypeRef::new(
        const {
            &built_in::<OptionAbi<*const T::Abi>>(
                Hasher::new().text("Option").number(Self::ID).finish().0,
                Kind::Option,
                "Option",
                const { &[unnamed(Self::REF)] },
            )
        },
    );

    /// The descriptor of `&[T]`, which is the same whether `T` is plain data or not.
    pub const SLICE: TypeRef = TypeRef::new(
        const {
            &built_in::<RawSlice<T::Abi>>(
                Hasher::new().text("&[]").number(T::ID).finish().0,
                Kind::Slice,
                "slice",
                Self::MEMBERS,
            )
        },
    );
}
