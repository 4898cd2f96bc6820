//! The caller's half of a call: the handle on an object that a stub holds, and how a fault reaches whoever called.
//!
//! In: an [`Instance`] and a shim to call. Out: results, futures of results, and [`PluginFault`]s as errors or panics. It does
//! not know which method is called: the macros implement their traits for [`Stub`].

use std::borrow::Borrow;
use std::cell::Cell;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::sync::Arc;

use crate::call::{Answer, Out, Status};
use crate::instance::Asked;
use crate::wire::{PluginType, RawFuture, Remote};
use crate::{Contract, Instance, PluginFault, bases};

thread_local! {
    static CALLED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the calling thread has ever called into a plugin: what [`HostServices`](crate::HostServices) tells.
#[must_use]
pub extern "C" fn is_caller() -> u8 {
    u8::from(CALLED.get())
}

/// Notes that the calling thread calls into plugins. A load, a compare and a branch that is not taken, because it is paid
/// on every call. Loaders do it before they call a constructor.
#[inline]
pub fn note_caller() {
    CALLED.with(|called| {
        if !called.get() {
            std::hint::cold_path();
            called.set(true);
        }
    });
}

/// Runs what is not run mostly, in a function of its own.
#[cold]
#[inline(never)]
pub fn otherwise<T>(run: impl FnOnce() -> T) -> T {
    run()
}

/// What a stub holds beside its table: the object, and the instance that keeps it alive, which others hold too (`Arc`)
/// or nobody else.
pub struct Raw<K = Arc<Instance>> {
    object: *mut (),
    instance: K,
}

impl Raw {
    /// A handle on the instance's object.
    #[must_use]
    pub fn new(instance: Arc<Instance>) -> Self {
        Self { object: instance.object, instance }
    }
}

impl Raw<Instance> {
    /// The only handle on an instance's object.
    pub(crate) fn of(instance: Instance) -> Self {
        Self { object: instance.object, instance }
    }
}

impl<K: Borrow<Instance>> Raw<K> {
    /// Calls one method: `call` gets the object and where the result goes.
    ///
    /// # Errors
    /// The instance was poisoned, the method panicked, or what came back is no `R`. The fault is boxed, because one that
    /// shared memory with the result would keep every result out of registers.
    ///
    /// # Safety
    /// `call` is a call of a shim whose result is `R`, and does with the out pointer what shims do, or says so in its answer.
    #[inline]
    pub unsafe fn call<R: PluginType>(
        &self,
        method: &'static str,
        call: impl FnOnce(*mut (), *mut Out<R::Abi>) -> Answer,
    ) -> Result<R, Box<PluginFault>> {
        let mut out = MaybeUninit::<Out<R::Abi>>::uninit();
        // SAFETY: the caller's promise is the same.
        unsafe { self.reach(method, &mut out, call) }?;
        // SAFETY: the result was written, from an `R` of the same fingerprint.
        unsafe { self.instance.borrow().taken(method, &out) }
    }

    /// The call up to where its result was written.
    ///
    /// # Safety
    /// As for [`call`](Self::call), with the wire form of its result.
    #[inline]
    unsafe fn reach<T: Copy>(
        &self,
        method: &'static str,
        out: &mut MaybeUninit<Out<T>>,
        call: impl FnOnce(*mut (), *mut Out<T>) -> Answer,
    ) -> Result<(), Box<PluginFault>> {
        let instance = self.instance.borrow();
        if instance.is_poisoned() {
            // It writes to the same place: results of two origins would meet in memory, and wait there for each other. In a
            // struct, so that what is sent goes to memory on this way only.
            let asked = Asked { method, out, call };
            // SAFETY: the caller's promise is the same.
            return match unsafe { instance.ask(asked) } {
                Some(fault) => Err(fault),
                None => Ok(()),
            };
        }
        note_caller();
        let answer = call(self.object, out.as_mut_ptr());
        // SAFETY: the shim answered so, and knows its result's type.
        let status = unsafe { answer.put(out) };
        if status != Status::OK {
            // SAFETY: the shim wrote what its status says.
            return Err(unsafe { instance.failed(method, status, out.as_ptr().cast()) });
        }
        Ok(())
    }

    /// The object, for calls that end in one way only; nothing where each call asks before.
    #[must_use]
    #[inline]
    pub fn whole(&self) -> Option<*mut ()> {
        (!self.instance.borrow().is_poisoned()).then_some(self.object)
    }

    /// A call of an `async` method that has not begun.
    #[must_use]
    pub fn future<R: PluginType>(&self, method: &'static str) -> Remote<&Instance, R> {
        Remote::unbegun(self.instance.borrow(), method)
    }

    /// Begins it: `call` gets the object and where the future goes, which is where it stays.
    ///
    /// # Errors
    /// As for [`call`](Self::call).
    ///
    /// # Safety
    /// As for [`call`](Self::call); and what the arguments borrow is alive for as long as the future is.
    #[inline]
    pub unsafe fn begin<R: PluginType>(
        &self,
        future: &mut Remote<&Instance, R>,
        call: impl FnOnce(*mut (), *mut Out<RawFuture<R::Abi>>) -> Answer,
    ) -> Result<(), Box<PluginFault>> {
        let method = future.method();
        // SAFETY: the caller's promise is the same.
        let begun = unsafe { self.reach(method, future.place(), call) };
        future.begun(begun)
    }
}

/// An object of contract `C` on the other side. It implements the trait of `C`, and those of the contracts that `C` is built on:
/// the macro of each implements it for every `C`, because it cannot know who builds on it.
pub struct Stub<C: ?Sized + Contract, K = Arc<Instance>> {
    raw: Raw<K>,
    table: C::Table,
}

// SAFETY: a trait object is `Send` when its trait demands so, and then the object behind the pointer is, says the contract.
unsafe impl<C: ?Sized + Contract + Send, K: Send> Send for Stub<C, K> {}
// SAFETY: as above.
unsafe impl<C: ?Sized + Contract + Sync, K: Sync> Sync for Stub<C, K> {}

impl<C: ?Sized + Contract, K> Stub<C, K> {
    /// A stub for an object.
    ///
    /// # Safety
    /// `raw` is an object of the plugin that `table` was bound to, and the plugin's image outlives the stub.
    #[must_use]
    pub unsafe fn new(raw: Raw<K>, table: C::Table) -> Self {
        Self { raw, table }
    }

    /// The object.
    #[must_use]
    #[inline]
    pub fn raw(&self) -> &Raw<K> {
        &self.raw
    }

    /// The pointers to the methods of `B`, which is `C` or one of the contracts that it is built on; with any other it does not
    /// compile.
    #[must_use]
    #[inline]
    pub fn table<B: ?Sized + Contract>(&self) -> &B::Table {
        let offset = const { bases::offset::<C, B>() };
        // SAFETY: the macro of each contract says where in its own table that of a base lies.
        let table = unsafe { (&raw const self.table).byte_add(offset) };
        // SAFETY: as above; it is borrowed as long as the whole.
        unsafe { &*table.cast::<B::Table>() }
    }
}

/// How a fault reaches the caller of a method that returns `R`: as an error when `R` can carry one, else as a panic.
///
/// The generated stub writes `(&Deliver::<R>::NEW).deliver(fault)`: method lookup finds the inherent method when the
/// error type is `From<PluginFault>`, and the trait's method otherwise.
pub struct Deliver<R>(PhantomData<fn() -> R>);

impl<R> Deliver<R> {
    /// The only value there is.
    pub const NEW: Self = Self(PhantomData);
}

impl<T, E: From<PluginFault>> Deliver<Result<T, E>> {
    /// The fault as the method's own error.
    #[cold]
    #[allow(clippy::boxed_local, reason = "it is what `Raw::call` returns")]
    pub fn deliver(&self, fault: Box<PluginFault>) -> Result<T, E> {
        Err((*fault).into())
    }
}

/// See [`Deliver`].
pub trait DeliverByPanic<R> {
    /// Raises the fault on the caller's side.
    fn deliver(&self, fault: Box<PluginFault>) -> R;
}

impl<R> DeliverByPanic<R> for &Deliver<R> {
    #[cold]
    fn deliver(&self, fault: Box<PluginFault>) -> R {
        crate::panic::raise(&fault)
    }
}
