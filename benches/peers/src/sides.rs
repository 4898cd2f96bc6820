//! The six sides, and what is asked of each.
//!
//! In: a built library. Out: an object of its own kind behind [`Side`], which is inlined. It does not know what is timed.
//! A new row is a method here, one in each file below, and a race in `calls.rs`.

mod abi_stable;
mod cglue;
mod guarded;
mod ours;
mod raw;
mod stabby;

use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

pub(crate) use abi_stable::AbiStable;
pub(crate) use cglue::Cglue;
pub(crate) use guarded::Guarded;
pub(crate) use ours::Ours;
pub(crate) use raw::Raw;
pub(crate) use stabby::Stabby;

/// The names, as they stand in tables. Everything is held against the first.
pub(crate) const NAMES: [&str; 6] = ["raw", "guarded", "ours", "abi_stable", "stabby", "cglue"];

/// What all of them can do.
pub(crate) trait Side: Sized {
    /// From a path to an object that can be called, with every check that this side has.
    fn load(path: &Path) -> Self;
    fn add(&self, a: u64, b: u64) -> u64;
    /// Shows the bytes where they are, and drops them.
    fn get<T>(&self, key: &str, see: impl FnOnce(&[u8]) -> T) -> T;
    /// The same as a `Vec` in the host's own memory.
    fn own(&self, key: &str) -> Vec<u8>;
    /// The same in a `Vec` that is kept, without what was in it.
    #[inline]
    fn read(&self, key: &str, bytes: &mut Vec<u8>) {
        self.get(key, |value| {
            bytes.clear();
            bytes.extend_from_slice(value);
        });
    }
    fn put(&mut self, key: &str, value: &[u8]);
    fn each(&self, times: u64, visit: impl Fn(u64) -> u64) -> u64;
    /// Makes a counter, calls it once, and drops it.
    fn open(&self, from: u64) -> u64;
}

/// What some of them can do.
pub(crate) trait Promises: Side {
    /// The sum, by a function that promises not to panic.
    fn sum(&self, a: u64, b: u64) -> u64;
}

/// What some of them can do.
pub(crate) trait Waits: Side {
    /// Makes a future that is ready, polls it once, and drops it.
    fn ready(&self, value: u64) -> u64;
}

/// The libraries, loaded.
pub(crate) struct Sides {
    pub(crate) raw: Raw,
    pub(crate) guarded: Guarded,
    pub(crate) ours: Ours,
    pub(crate) abi_stable: AbiStable,
    pub(crate) stabby: Stabby,
    pub(crate) cglue: Cglue,
}

/// A future that is ready.
#[inline]
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it was to be ready"),
    }
}

/// Loads one, and sees that it does what it should.
pub(crate) fn load<S: Side>(path: &Path) -> S {
    let mut side = S::load(path);
    assert_eq!(side.add(40, 2), 42);
    assert_eq!(side.get("short", <[u8]>::to_vec), [7; 16]);
    assert_eq!(side.own("page"), [7; 4096]);
    let mut bytes = vec![1; 3];
    side.read("page", &mut bytes);
    assert_eq!(bytes, [7; 4096]);
    side.put("kept", &[1, 2, 3]);
    assert_eq!(side.each(4, |number| 2 * number), 12);
    assert_eq!(side.open(41), 42);
    side
}
