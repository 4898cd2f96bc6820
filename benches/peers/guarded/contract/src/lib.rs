//! The contract as functions in C's manner that can fail: each says how it ended, and nothing unwinds out of it.

pub use raw_contract::{Bytes, Wake};

/// It did what it was asked for.
pub const OK: u32 = 0;
/// An argument was none, or no text.
pub const INVALID: u32 = 1;
/// It panicked.
pub const PANICKED: u32 = 2;

/// What a host asks for before it calls anything.
pub const VERSION: u32 = 1;

/// A number, and how the call ended: in two registers.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Answer {
    /// After [`OK`].
    pub value: u64,
    /// How it ended.
    pub status: u32,
}

/// What a plugin offers: one table, exported as `PEERS_GUARDED`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Functions {
    /// [`VERSION`].
    pub version: u32,
    /// Makes an object, or null.
    pub create: extern "C" fn() -> *mut (),
    /// Drops it.
    pub destroy: unsafe extern "C" fn(object: *mut ()) -> u32,
    /// The sum.
    pub add: unsafe extern "C" fn(object: *const (), a: u64, b: u64) -> Answer,
    /// The sum, of a function that promises not to panic.
    pub sum: unsafe extern "C" fn(object: *const (), a: u64, b: u64) -> u64,
    /// A copy of the value.
    pub get: unsafe extern "C" fn(object: *const (), key: *const u8, len: usize, out: *mut Bytes) -> u32,
    /// Writes the value where there is room for it; how long it is.
    pub read: unsafe extern "C" fn(*const (), key: *const u8, len: usize, to: *mut u8, room: usize) -> Answer,
    /// Drops bytes.
    pub free: unsafe extern "C" fn(ptr: *mut u8, cap: usize),
    /// Keeps the value.
    pub put:
        unsafe extern "C" fn(*mut (), key: *const u8, key_len: usize, value: *const u8, len: usize) -> u32,
    /// Calls back for each number below `times`, and adds up. What does not end well is the last call.
    pub each: unsafe extern "C" fn(
        object: *const (),
        times: u64,
        visit: unsafe extern "C" fn(*const (), u64) -> Answer,
        userdata: *const (),
    ) -> Answer,
    /// A counter that begins behind `from`, or null.
    pub open: unsafe extern "C" fn(object: *const (), from: u64) -> *mut (),
    /// Its next number.
    pub next: unsafe extern "C" fn(counter: *mut ()) -> Answer,
    /// Drops it.
    pub close: unsafe extern "C" fn(counter: *mut ()) -> u32,
    /// A future of the value, or null.
    pub ready: unsafe extern "C" fn(object: *const (), value: u64) -> *mut (),
    /// Whether the value was written to `out`.
    pub poll: unsafe extern "C" fn(future: *mut (), wake: *const Wake, out: *mut u64) -> Answer,
    /// Drops it.
    pub forget: unsafe extern "C" fn(future: *mut ()) -> u32,
}
