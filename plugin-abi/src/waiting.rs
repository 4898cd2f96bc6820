//! When the result of a method is there.
//!
//! In: nothing. Out: the word that descriptors have for it, and generators. It does not know futures.

/// Whether a method's result is there when it returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Waiting {
    /// It is: a plain `fn`.
    Blocks = 0,
    /// It comes later: an `async fn`, whose future may go from thread to thread.
    Async = 1,
    /// It comes later, on the thread where it was asked for: an `async fn` under `#[plugin(local)]`.
    Local = 2,
}
