//! Streams: `BoxStream<'a, T>` of the crate `futures`, by the feature of that name.
//!
//! In: a stream of this side. Out: a [`RawFuture`] of `Option<T>`, which is polled again after every item; and from one, a
//! stream of what the other side yields.

use std::boxed::Box;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::stream::{BoxStream, LocalBoxStream, Stream};

use super::future::{RawFuture, Remote, State, state_of};
use super::waker::{self, WakerAbi};
use super::{Invalid, OptionAbi, PluginType, built_in, unnamed};
use crate::call::{self, Out, Status};
use crate::describe::{Kind, TypeRef};
use crate::export::origin;
use crate::stub::DeliverByPanic as _;
use crate::{Deliver, Hasher, Instance};

/// A stream, without what its type says of threads and lifetimes: whoever receives it says that again.
type Erased<T> = *mut dyn Stream<Item = T>;

type Raw<T> = RawFuture<OptionAbi<<T as PluginType>::Abi>>;

fn send<'a, T: PluginType + 'a>(stream: LocalBoxStream<'a, T>) -> Raw<T> {
    // SAFETY: the stream is not moved until `drop` ends it.
    let stream: *mut (dyn Stream<Item = T> + 'a) =
        Box::into_raw(unsafe { Pin::into_inner_unchecked(stream) });
    RawFuture {
        state: state_of(stream),
        poll: Some(poll::<T>),
        drop: Some(drop_stream::<T>),
        origin: Some(origin),
    }
}

unsafe extern "C" fn poll<T: PluginType>(
    state: *mut State,
    waker: *const WakerAbi,
    out: *mut Out<OptionAbi<T::Abi>>,
) -> Status {
    let body = || {
        // SAFETY: the receiver has the state from `send`.
        let stream = unsafe { state.cast::<Erased<T>>().read() };
        // SAFETY: the receiver has not dropped it, and asks once at a time.
        let stream = unsafe { &mut *stream };
        // SAFETY: it lies in a box since `send`, and is not moved before it is dropped.
        let stream = unsafe { Pin::new_unchecked(stream) };
        // SAFETY: the receiver lends the waker for this poll.
        let waker = unsafe { waker::borrow(waker) };
        match stream.poll_next(&mut Context::from_waker(&waker)) {
            Poll::Ready(item) => Ok(Some(item)),
            Poll::Pending => Ok(None),
        }
    };
    // SAFETY: the receiver passes a place for the item.
    unsafe { call::guard_poll::<Option<T>>(out, body) }
}

unsafe extern "C" fn drop_stream<T>(state: *mut State, out: *mut Out<u8>) -> Status {
    let drop_it = || {
        // SAFETY: the receiver has the state from `send`.
        let stream = unsafe { state.cast::<Erased<T>>().read() };
        // SAFETY: `send` made the pointer from a box, and the receiver gives it back once.
        drop(unsafe { Box::from_raw(stream) });
        Ok(())
    };
    // SAFETY: the receiver promises that `out` may be written.
    unsafe { call::guard(out, drop_it) }
}

/// A stream of the other side.
struct RemoteStream<T: PluginType> {
    /// Nothing once it has ended.
    remote: Option<Remote<Instance, Option<T>>>,
}

impl<T: PluginType> Stream for RemoteStream<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.get_mut();
        let Some(remote) = &mut this.remote else { return Poll::Ready(None) };
        let asked = remote.ask(context);
        if !matches!(asked, Poll::Pending | Poll::Ready(Ok(Some(_)))) {
            this.remote = None;
        }
        asked.map(|item| match item {
            Ok(item) => item,
            Err(fault) => (&Deliver::<Option<T>>::NEW).deliver(fault),
        })
    }
}

macro_rules! streams {
    ($($stream:ident;)*) => {$(
        // SAFETY: pointers are checked where they can be; the stream stays with the side that made it, and what its type says
        // of threads is in the descriptor.
        unsafe impl<'a, T: PluginType + 'a> PluginType for $stream<'a, T> {
            type Abi = Raw<T>;
            const ID: u128 = Hasher::new().text(stringify!($stream)).number(T::ID).finish().0;
            const DESC: TypeRef = TypeRef::new(const {
                &built_in::<Self::Abi>(Self::ID, Kind::Stream, stringify!($stream), const { &[unnamed(T::DESC)] })
            });

            fn into_abi(self) -> Self::Abi {
                send::<T>(self)
            }

            unsafe fn from_abi(abi: Self::Abi) -> Result<Self, Invalid> {
                // SAFETY: there is no object; what is dropped is the stream.
                let instance = unsafe { Instance::received(std::ptr::null_mut(), None, abi.origin, "a stream") };
                // SAFETY: the caller's promise is the same.
                let remote = unsafe { Remote::new(abi, instance, "poll_next") }?;
                Ok(Box::pin(RemoteStream::<T> { remote: Some(remote) }))
            }
        }
    )*};
}

streams! {
    BoxStream;
    LocalBoxStream;
}
