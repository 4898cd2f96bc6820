//! Futures: what an `async fn` returns, and `Pin<Box<dyn Future<Output = T> + Send>>`.
//!
//! In: a future of this side. Out: the two words of its fat pointer and the functions that poll and drop it; and from those,
//! a future of the other side's. No runtime is shared: whoever polls lends its waker. A stream has the same form: it is a
//! future of an `Option` that is asked again until there is none.

use std::borrow::Borrow;
use std::boxed::Box;
use std::future::Future;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::waker::{self, KeptWaker, LentWaker, WakerAbi};
use super::{Invalid, PluginType, RawSlice, built_in, unnamed};
use crate::call::{self, Out, Status};
use crate::describe::{Kind, TypeRef};
use crate::export::origin;
use crate::fault::joined;
use crate::instance::text_of;
use crate::panic::complain;
use crate::stub::DeliverByPanic as _;
use crate::sync::Arc;
use crate::{Deliver, Hasher, Instance, PluginFault, note_caller};

/// Words that mean something to the side that made them only.
pub(super) type State = [MaybeUninit<*mut ()>; 2];

/// A future on the wire.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct RawFuture<T: Copy> {
    /// What `poll` and `drop` take.
    pub state: [MaybeUninit<*mut ()>; 2],
    /// Polls: [`Status::PENDING`], or as a call ends. After any other status it is not called again, unless it is a stream
    /// that yielded an item. The waker is lent for the poll.
    pub poll: Option<unsafe extern "C" fn(*mut State, *const WakerAbi, *mut Out<T>) -> Status>,
    /// Drops the future: called once.
    pub drop: Option<unsafe extern "C" fn(*mut State, *mut Out<u8>) -> Status>,
    /// The name of the side that made it, UTF-8: for people. May be null.
    pub origin: Option<extern "C" fn() -> RawSlice<u8>>,
}

/// A future, without what its type says of threads and lifetimes: whoever receives it says that again.
type Erased<T> = *mut dyn Future<Output = T>;

impl<T: Copy> RawFuture<T> {
    /// No future.
    const NONE: Self = Self { state: [MaybeUninit::uninit(); 2], poll: None, drop: None, origin: None };

    /// Sends a future away.
    #[must_use]
    pub fn new<'a, R: PluginType<Abi = T> + 'a>(future: Pin<Box<dyn Future<Output = R> + 'a>>) -> Self {
        // SAFETY: the future is not moved until `drop` ends it.
        let future: *mut (dyn Future<Output = R> + 'a) =
            Box::into_raw(unsafe { Pin::into_inner_unchecked(future) });
        Self {
            state: state_of(future),
            poll: Some(poll::<R>),
            drop: Some(drop_future::<R>),
            origin: Some(origin),
        }
    }
}

/// A fat pointer as two words.
pub(super) fn state_of<T: ?Sized>(pointer: *mut T) -> State {
    const { assert!(size_of::<*mut T>() == size_of::<State>()) };
    let mut state: State = [MaybeUninit::uninit(); 2];
    // SAFETY: the sizes are the same, as was asserted; `state` is aligned for pointers.
    unsafe { state.as_mut_ptr().cast::<*mut T>().write(pointer) };
    state
}

/// The future's address in its state.
///
/// # Safety
/// `state` was made by [`RawFuture::new`] with this `T`.
unsafe fn future_at<T>(state: *mut State) -> Erased<T> {
    // SAFETY: the caller promises that such a pointer lies there. Its lifetime is what the receiver keeps to.
    unsafe { state.cast::<Erased<T>>().read() }
}

unsafe extern "C" fn poll<T: PluginType>(
    state: *mut State,
    waker: *const WakerAbi,
    out: *mut Out<T::Abi>,
) -> Status {
    let body = || {
        // SAFETY: the receiver has the state from `new`.
        let future = unsafe { future_at::<T>(state) };
        // SAFETY: the receiver has not dropped it, and polls it once at a time.
        let future = unsafe { &mut *future };
        // SAFETY: it lies in a box since `new`, and is not moved before it is dropped.
        let future = unsafe { Pin::new_unchecked(future) };
        // SAFETY: the receiver lends the waker for this poll.
        let waker = unsafe { waker::borrow(waker) };
        match future.poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => Ok(Some(value)),
            Poll::Pending => Ok(None),
        }
    };
    // SAFETY: the receiver passes a place for the result.
    unsafe { call::guard_poll(out, body) }
}

unsafe extern "C" fn drop_future<T>(state: *mut State, out: *mut Out<u8>) -> Status {
    let drop_it = || {
        // SAFETY: the receiver has the state from `new`.
        let future = unsafe { future_at::<T>(state) };
        // SAFETY: `new` made the pointer from a box, and the receiver gives it back once.
        drop(unsafe { Box::from_raw(future) });
        Ok(())
    };
    // SAFETY: the receiver promises that `out` may be written.
    unsafe { call::guard(out, drop_it) }
}

/// A future of the other side. What it waits for belongs to an instance: one that is lent, or its own.
pub struct Remote<K, T: PluginType> {
    raw: RawFuture<T::Abi>,
    instance: K,
    method: &'static str,
    /// The waker that the other side keeps.
    kept: Option<Arc<KeptWaker>>,
    result: PhantomData<fn() -> T>,
}

// SAFETY: a future is handed on as a trait object whose type says `Send` when the signature does, and then the other side's
// future is so too: it is part of the fingerprint. Everything else in it may go from thread to thread.
unsafe impl<K: Send, T: PluginType> Send for Remote<K, T> {}

impl<K, T: PluginType> Unpin for Remote<K, T> {}

impl<K: Borrow<Instance>, T: PluginType> Remote<K, T> {
    /// Takes a future over.
    ///
    /// # Errors
    /// It cannot be polled or dropped.
    ///
    /// # Safety
    /// `raw` came from [`RawFuture::new`] on the other side with a `T` of the same fingerprint, and is not used again; what it
    /// borrows is alive for as long as this is.
    pub unsafe fn new(raw: RawFuture<T::Abi>, instance: K, method: &'static str) -> Result<Self, Invalid> {
        // From here on the future is dropped whatever happens.
        let remote = Self { raw, instance, method, kept: None, result: PhantomData };
        remote.whole().map(|()| remote)
    }

    /// Where a future will be: until then there is nothing to poll and nothing to drop.
    pub(crate) fn unbegun(instance: K, method: &'static str) -> Self {
        Self { raw: RawFuture::NONE, instance, method, kept: None, result: PhantomData }
    }

    pub(crate) fn method(&self) -> &'static str {
        self.method
    }

    /// The place that a shim writes the future to. It is not moved from there: each copy of what was just written in other
    /// pieces waits until it is in the cache.
    pub(crate) fn place(&mut self) -> &mut MaybeUninit<Out<RawFuture<T::Abi>>> {
        const { assert!(size_of::<Out<RawFuture<T::Abi>>>() == size_of::<RawFuture<T::Abi>>()) };
        let place: *mut RawFuture<T::Abi> = &raw mut self.raw;
        // SAFETY: size and alignment are the same, and whoever writes says afterwards what it was.
        unsafe { &mut *place.cast() }
    }

    /// What became of the call that was to write there.
    pub(crate) fn begun(&mut self, begun: Result<(), Box<PluginFault>>) -> Result<(), Box<PluginFault>> {
        if let Err(fault) = begun {
            // A text was there, if anything.
            self.raw = RawFuture::NONE;
            return Err(fault);
        }
        self.whole().map_err(|invalid| self.instance.borrow().bad_result(self.method, invalid))
    }

    fn whole(&self) -> Result<(), Invalid> {
        match (self.raw.poll, self.raw.drop) {
            (None, _) => Err(Invalid::Missing { name: "poll" }),
            (_, None) => Err(Invalid::Missing { name: "drop" }),
            _ => Ok(()),
        }
    }
}

impl<K: Borrow<Instance>, T: PluginType> Future for Remote<K, T> {
    type Output = Result<T, Box<PluginFault>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let ended = this.ask(context);
        if ended.is_ready() {
            this.end();
        }
        ended
    }
}

impl<K: Borrow<Instance>, T: PluginType> Remote<K, T> {
    /// Polls once.
    pub(super) fn ask(&mut self, context: &mut Context<'_>) -> Poll<Result<T, Box<PluginFault>>> {
        let this = self;
        let instance = this.instance.borrow();
        let Some(poll) = this.raw.poll else {
            return Poll::Ready(Err(instance.refuse_poisoned(this.method)));
        };
        if instance.is_poisoned() {
            return Poll::Ready(Err(instance.refuse_poisoned(this.method)));
        }
        if this.kept.as_ref().is_some_and(|kept| kept.came_back_twice()) {
            return Poll::Ready(Err(instance.bad_result(this.method, Invalid::Waker)));
        }
        note_caller();
        let mut out = MaybeUninit::<Out<T::Abi>>::uninit();
        let waker = context.waker();
        let kept = this.kept.as_ref().filter(|kept| kept.will_wake(waker));
        let status = match kept {
            // SAFETY: the state is the one that came with the function, and the waker lives until it returns.
            Some(kept) => unsafe { poll(&raw mut this.raw.state, KeptWaker::lend(kept), out.as_mut_ptr()) },
            None => {
                let lent = LentWaker::new(waker);
                // SAFETY: as above.
                let status = unsafe { poll(&raw mut this.raw.state, lent.lend(), out.as_mut_ptr()) };
                this.kept = lent.into_kept();
                status
            }
        };
        if status == Status::PENDING {
            return Poll::Pending;
        }
        // SAFETY: the other side wrote what its status says.
        Poll::Ready(unsafe { instance.ended(this.method, status, &out) })
    }
}

impl<K, T: PluginType> Drop for Remote<K, T> {
    fn drop(&mut self) {
        let Some(drop) = self.raw.drop else { return };
        note_caller();
        let mut out = MaybeUninit::<Out<u8>>::uninit();
        // SAFETY: the state is the one that came with the function, and this is the end of it.
        let status = unsafe { drop(&raw mut self.raw.state, out.as_mut_ptr()) };
        if status != Status::OK {
            // SAFETY: the other side wrote what its status says.
            let text = unsafe { text_of(status, out.as_ptr().cast()) };
            complain(&joined(&["a future of `", self.method, "` panicked while it was dropped: "]), &text);
        }
    }
}

impl<K, T: PluginType> Remote<K, T> {
    /// It is not polled again.
    pub(super) fn end(&mut self) {
        self.raw.poll = None;
    }
}

/// A future as an argument or a result of its own.
type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
type BoxedSend<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

macro_rules! futures {
    ($($future:ident, $name:literal;)*) => {$(
        // SAFETY: pointers are checked where they can be; the future stays with the side that made it, and what its type
        // says of threads is in the descriptor.
        unsafe impl<'a, T: PluginType + 'a> PluginType for $future<'a, T> {
            type Abi = RawFuture<T::Abi>;
            const ID: u128 = Hasher::new().text($name).number(T::ID).finish().0;
            const DESC: TypeRef = TypeRef::new(
                const { &built_in::<Self::Abi>(Self::ID, Kind::Future, $name, const { &[unnamed(T::DESC)] }) },
            );

            fn into_abi(self) -> Self::Abi {
                RawFuture::new::<T>(self)
            }

            unsafe fn from_abi(abi: Self::Abi) -> Result<Self, Invalid> {
                // SAFETY: there is no object; what is dropped is the future.
                let instance = unsafe { Instance::received(std::ptr::null_mut(), None, abi.origin, "a future") };
                // SAFETY: the caller's promise is the same.
                let remote = unsafe { Remote::<Instance, T>::new(abi, instance, "poll") }?;
                Ok(Box::pin(async move {
                    match remote.await {
                        Ok(value) => value,
                        Err(fault) => (&Deliver::<T>::NEW).deliver(fault),
                    }
                }))
            }
        }
    )*};
}

futures! {
    Boxed, "Future";
    BoxedSend, "Future + Send";
}
