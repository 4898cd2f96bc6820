//! Iterators: `Box<dyn Iterator<Item = T> + 'a>`.
//!
//! In: an iterator of this side. Out: the two words of its fat pointer and the functions that advance and drop it; and from
//! those, an iterator over what the other side yields. It says nothing of how many items will come: nobody could believe it.

use std::boxed::Box;
use std::marker::PhantomData;
use std::mem::MaybeUninit;

use super::future::{State, state_of};
use super::{Invalid, OptionAbi, PluginType, RawSlice, built_in, unnamed};
use crate::call::{self, Out, Status};
use crate::describe::{Kind, TypeRef};
use crate::export::origin;
use crate::instance::text_of;
use crate::panic::complain;
use crate::stub::DeliverByPanic as _;
use crate::{Deliver, Hasher, Instance, note_caller};

/// An iterator on the wire.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct RawIterator<T: Copy> {
    /// What `next` and `drop` take.
    pub state: [MaybeUninit<*mut ()>; 2],
    /// Yields an item, or none: then, and after any status but [`Status::OK`], it is not called again.
    pub next: Option<unsafe extern "C" fn(*mut State, *mut Out<OptionAbi<T>>) -> Status>,
    /// Drops the iterator: called once.
    pub drop: Option<unsafe extern "C" fn(*mut State, *mut Out<u8>) -> Status>,
    /// The name of the side that made it, UTF-8: for people. May be null.
    pub origin: Option<extern "C" fn() -> RawSlice<u8>>,
}

/// An iterator, without what its type says of threads and lifetimes: whoever receives it says that again.
type Erased<T> = *mut dyn Iterator<Item = T>;

impl<T: Copy> RawIterator<T> {
    fn new<'a, R: PluginType<Abi = T> + 'a>(items: Box<dyn Iterator<Item = R> + 'a>) -> Self {
        let items: *mut (dyn Iterator<Item = R> + 'a) = Box::into_raw(items);
        let state = state_of(items);
        Self { state, next: Some(next::<R>), drop: Some(drop_iterator::<R>), origin: Some(origin) }
    }
}

unsafe extern "C" fn next<T: PluginType>(state: *mut State, out: *mut Out<OptionAbi<T::Abi>>) -> Status {
    let body = || {
        // SAFETY: the receiver has the state from `new`.
        let items = unsafe { state.cast::<Erased<T>>().read() };
        // SAFETY: the receiver has not dropped it, and asks once at a time.
        let items = unsafe { &mut *items };
        Ok(items.next())
    };
    // SAFETY: the receiver passes a place for the item.
    unsafe { call::guard::<Option<T>>(out, body) }
}

unsafe extern "C" fn drop_iterator<T>(state: *mut State, out: *mut Out<u8>) -> Status {
    let drop_it = || {
        // SAFETY: the receiver has the state from `new`.
        let items = unsafe { state.cast::<Erased<T>>().read() };
        // SAFETY: `new` made the pointer from a box, and the receiver gives it back once.
        drop(unsafe { Box::from_raw(items) });
        Ok(())
    };
    // SAFETY: the receiver promises that `out` may be written.
    unsafe { call::guard(out, drop_it) }
}

/// An iterator of the other side.
struct RemoteIterator<T: PluginType> {
    raw: RawIterator<T::Abi>,
    instance: Instance,
    item: PhantomData<fn() -> T>,
}

// SAFETY: it is handed on as a trait object whose type says `Send` when the signature does, and then the other side's iterator
// is so too: it is part of the fingerprint.
unsafe impl<T: PluginType> Send for RemoteIterator<T> {}

impl<T: PluginType> Iterator for RemoteIterator<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let next = self.raw.next?;
        note_caller();
        let mut out = MaybeUninit::<Out<OptionAbi<T::Abi>>>::uninit();
        // SAFETY: the state is the one that came with the function.
        let status = unsafe { next(&raw mut self.raw.state, out.as_mut_ptr()) };
        // SAFETY: the other side wrote what its status says.
        let item = unsafe { self.instance.ended::<Option<T>>("next", status, &out) };
        if !matches!(item, Ok(Some(_))) {
            self.raw.next = None;
        }
        match item {
            Ok(item) => item,
            Err(fault) => (&Deliver::<Option<T>>::NEW).deliver(fault),
        }
    }
}

impl<T: PluginType> Drop for RemoteIterator<T> {
    fn drop(&mut self) {
        let Some(drop) = self.raw.drop.take() else { return };
        note_caller();
        let mut out = MaybeUninit::<Out<u8>>::uninit();
        // SAFETY: the state is the one that came with the function, and this is the end of it.
        let status = unsafe { drop(&raw mut self.raw.state, out.as_mut_ptr()) };
        if status != Status::OK {
            // SAFETY: the other side wrote what its status says.
            let text = unsafe { text_of(status, out.as_ptr().cast()) };
            complain("an iterator panicked while it was dropped: ", &text);
        }
    }
}

type Boxed<'a, T> = Box<dyn Iterator<Item = T> + 'a>;
type BoxedSend<'a, T> = Box<dyn Iterator<Item = T> + Send + 'a>;

macro_rules! iterators {
    ($($iterator:ident, $name:literal;)*) => {$(
        // SAFETY: pointers are checked where they can be; the iterator stays with the side that made it, and what its type
        // says of threads is in the descriptor.
        unsafe impl<'a, T: PluginType + 'a> PluginType for $iterator<'a, T> {
            type Abi = RawIterator<T::Abi>;
            const ID: u128 = Hasher::new().text($name).number(T::ID).finish().0;
            const DESC: TypeRef = TypeRef::new(
                const { &built_in::<Self::Abi>(Self::ID, Kind::Iterator, $name, const { &[unnamed(T::DESC)] }) },
            );

            fn into_abi(self) -> Self::Abi {
                RawIterator::new::<T>(self)
            }

            unsafe fn from_abi(abi: Self::Abi) -> Result<Self, Invalid> {
                let object = std::ptr::null_mut();
                // SAFETY: there is no object; what is dropped is the iterator.
                let instance = unsafe { Instance::received(object, None, abi.origin, "an iterator") };
                // From here on the iterator is dropped whatever happens.
                let remote = RemoteIterator::<T> { raw: abi, instance, item: PhantomData };
                match (abi.next, abi.drop) {
                    (None, _) => Err(Invalid::Missing { name: "next" }),
                    (_, None) => Err(Invalid::Missing { name: "drop" }),
                    _ => Ok(Box::new(remote)),
                }
            }
        }
    )*};
}

iterators! {
    Boxed, "Iterator";
    BoxedSend, "Iterator + Send";
}
