//! The contract as functions in C's manner: pointers, lengths, and who frees what is a comment.

/// Bytes of the plugin's, given back with [`Functions::free`].
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Bytes {
    /// The first one.
    pub ptr: *mut u8,
    /// How many.
    pub len: usize,
    /// For how many there is memory.
    pub cap: usize,
}

/// Whom to tell that a future can go on.
#[repr(C)]
pub struct Wake {
    /// Passed to `wake`.
    pub data: *const (),
    /// Says so.
    pub wake: unsafe extern "C" fn(*const ()),
}

/// What a plugin offers: one table, exported as `PEERS_RAW`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Functions {
    /// Makes an object.
    pub create: extern "C" fn() -> *mut (),
    /// Drops it.
    pub destroy: unsafe extern "C" fn(object: *mut ()),
    /// The sum.
    pub add: unsafe extern "C" fn(object: *const (), a: u64, b: u64) -> u64,
    /// A copy of the value.
    pub get: unsafe extern "C" fn(object: *const (), key: *const u8, len: usize) -> Bytes,
    /// Writes the value where there is room for it; how long it is.
    pub read: unsafe extern "C" fn(*const (), key: *const u8, len: usize, to: *mut u8, room: usize) -> usize,
    /// Drops bytes.
    pub free: unsafe extern "C" fn(ptr: *mut u8, cap: usize),
    /// Keeps the value.
    pub put: unsafe extern "C" fn(*mut (), key: *const u8, key_len: usize, value: *const u8, len: usize),
    /// Calls back for each number below `times`, and adds up.
    pub each: unsafe extern "C" fn(
        object: *const (),
        times: u64,
        visit: unsafe extern "C" fn(*const (), u64) -> u64,
        userdata: *const (),
    ) -> u64,
    /// A counter that begins behind `from`.
    pub open: unsafe extern "C" fn(object: *const (), from: u64) -> *mut (),
    /// Its next number.
    pub next: unsafe extern "C" fn(counter: *mut ()) -> u64,
    /// Drops it.
    pub close: unsafe extern "C" fn(counter: *mut ()),
    /// A future of the value.
    pub ready: unsafe extern "C" fn(object: *const (), value: u64) -> *mut (),
    /// Whether the value was written to `out`.
    pub poll: unsafe extern "C" fn(future: *mut (), wake: *const Wake, out: *mut u64) -> bool,
    /// Drops it.
    pub forget: unsafe extern "C" fn(future: *mut ()),
}
