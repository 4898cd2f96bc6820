//! The library without anything of ours, called as somebody would who writes the boundary by hand.
//!
//! In: the fixture `bench-raw`. Out: its functions as pointers, and a trait in front of one of them. It does not know
//! contracts.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

/// What `bench-raw` returns.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Bytes {
    ptr: *mut u8,
    len: usize,
    cap: usize,
}

type Create = extern "C" fn() -> *mut ();
type Destroy = unsafe extern "C" fn(*mut ());
type Add = unsafe extern "C" fn(*const (), u64, u64) -> u64;
type AddOut = unsafe extern "C" fn(*const (), u64, u64, *mut u64) -> u32;
type Get = unsafe extern "C" fn(*const (), *const u8, usize) -> Bytes;
type TryGet = unsafe extern "C" fn(*const (), *const u8, usize, *mut Bytes) -> u32;
type Fill = unsafe extern "C" fn(*const (), *const u8, usize, *mut u8, usize) -> usize;
type PutChecked = unsafe extern "C" fn(*mut (), *const u8, usize, *const u8, usize) -> u32;
type Free = unsafe extern "C" fn(*mut u8, usize);
type Put = unsafe extern "C" fn(*mut (), *const u8, usize, *const u8, usize);

/// Its functions.
#[derive(Clone, Copy)]
pub(crate) struct Functions {
    create: Create,
    destroy: Destroy,
    add: Add,
    add_out: AddOut,
    get: Get,
    try_get: TryGet,
    fill: Fill,
    get_checked: TryGet,
    put_checked: PutChecked,
    free: Free,
    put: Put,
}

/// Opens the library for good, and looks every function up.
pub(crate) fn open(path: &Path) -> Functions {
    // SAFETY: the file is built by this bench.
    let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.expect("the raw library opens");
    macro_rules! function {
        ($name:literal) => {
            // SAFETY: `bench-raw` exports a function of this name and type.
            *unsafe { library.get($name) }.expect("the raw library has all functions")
        };
    }
    let functions = Functions {
        create: function!(b"bench_create\0"),
        destroy: function!(b"bench_destroy\0"),
        add: function!(b"bench_add\0"),
        add_out: function!(b"bench_add_out\0"),
        get: function!(b"bench_get\0"),
        try_get: function!(b"bench_try_get\0"),
        fill: function!(b"bench_fill\0"),
        get_checked: function!(b"bench_get_checked\0"),
        put_checked: function!(b"bench_put_checked\0"),
        free: function!(b"bench_free\0"),
        put: function!(b"bench_put\0"),
    };
    // As our loader does.
    std::mem::forget(library);
    functions
}

/// An object behind those functions.
pub(crate) struct Object {
    functions: Functions,
    object: *mut (),
}

impl Object {
    pub(crate) fn new(functions: Functions) -> Self {
        Self { object: (functions.create)(), functions }
    }

    #[inline]
    pub(crate) fn add(&self, a: u64, b: u64) -> u64 {
        // SAFETY: `create` made the object.
        unsafe { (self.functions.add)(self.object, a, b) }
    }

    /// Shows the bytes to `see` where they are, and gives them back.
    #[inline]
    pub(crate) fn get<T>(&self, key: &str, see: impl FnOnce(&[u8]) -> T) -> T {
        // SAFETY: `create` made the object, and the key is text.
        let bytes = unsafe { (self.functions.get)(self.object, key.as_ptr(), key.len()) };
        self.seen(bytes, see)
    }

    /// The same behind a status and an out pointer.
    #[inline]
    pub(crate) fn try_get<T>(&self, key: &str, see: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let mut bytes = Bytes { ptr: std::ptr::null_mut(), len: 0, cap: 0 };
        // SAFETY: `create` made the object, and the key is text.
        let status =
            unsafe { (self.functions.try_get)(self.object, key.as_ptr(), key.len(), &raw mut bytes) };
        (status == 0).then(|| self.seen(bytes, see))
    }

    /// Has the value written into `bytes`, which has room for it.
    #[inline]
    pub(crate) fn fill(&self, key: &str, bytes: &mut Vec<u8>) {
        let (to, room) = (bytes.as_mut_ptr(), bytes.capacity());
        // SAFETY: `create` made the object, the key is text, and the vector has the room.
        let len = unsafe { (self.functions.fill)(self.object, key.as_ptr(), key.len(), to, room) };
        // SAFETY: as many were written.
        unsafe { bytes.set_len(len) };
    }

    #[inline]
    fn seen<T>(&self, bytes: Bytes, see: impl FnOnce(&[u8]) -> T) -> T {
        // SAFETY: the library returned a vector's parts.
        let seen = see(unsafe { std::slice::from_raw_parts(bytes.ptr, bytes.len) });
        // SAFETY: they are given back once.
        unsafe { (self.functions.free)(bytes.ptr, bytes.cap) };
        seen
    }

    #[inline]
    pub(crate) fn put(&mut self, key: &str, value: &[u8]) {
        // SAFETY: `create` made the object, and we hold it exclusively.
        unsafe { (self.functions.put)(self.object, key.as_ptr(), key.len(), value.as_ptr(), value.len()) };
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        // SAFETY: `create` made the object, and it is destroyed once.
        unsafe { (self.functions.destroy)(self.object) };
    }
}

/// What a hand-written boundary looks like to its users.
pub(crate) trait Adds {
    fn add(&self, a: u64, b: u64) -> u64;
}

/// A trait object, a flag that says whether the plugin failed before, and a pointer: the least that is safe to use.
pub(crate) struct ByValue {
    raw: Object,
    poisoned: Arc<AtomicBool>,
}

/// The same with the result behind a pointer.
pub(crate) struct ByPointer(ByValue);

/// The same for methods that lend and return bytes: what they say is checked on the other side, and nothing unwinds.
pub(crate) trait Carries {
    /// The value, where the other side made it.
    fn get(&self, key: &str) -> Held<'_>;
    fn put(&mut self, key: &str, value: &[u8]);
}

/// Bytes of the other side, given back when they are dropped.
pub(crate) struct Held<'a> {
    bytes: Bytes,
    raw: &'a Object,
}

impl std::ops::Deref for Held<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: the library returned a vector's parts.
        unsafe { std::slice::from_raw_parts(self.bytes.ptr, self.bytes.len) }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // SAFETY: they are given back once.
        unsafe { (self.raw.functions.free)(self.bytes.ptr, self.bytes.cap) };
    }
}

impl Carries for ByValue {
    fn get(&self, key: &str) -> Held<'_> {
        let Self { raw, poisoned } = self;
        assert!(!poisoned.load(Ordering::Relaxed), "the plugin failed before");
        let mut bytes = Bytes { ptr: std::ptr::null_mut(), len: 0, cap: 0 };
        let get = raw.functions.get_checked;
        // SAFETY: `create` made the object.
        let status = unsafe { get(raw.object, key.as_ptr(), key.len(), &raw mut bytes) };
        assert!(status == 0, "the plugin failed");
        Held { bytes, raw }
    }

    fn put(&mut self, key: &str, value: &[u8]) {
        let Self { raw, poisoned } = self;
        assert!(!poisoned.load(Ordering::Relaxed), "the plugin failed before");
        let put = raw.functions.put_checked;
        // SAFETY: `create` made the object, and we hold it exclusively.
        let status = unsafe { put(raw.object, key.as_ptr(), key.len(), value.as_ptr(), value.len()) };
        assert!(status == 0, "the plugin failed");
    }
}

impl ByValue {
    pub(crate) fn new(functions: Functions) -> Self {
        Self { raw: Object::new(functions), poisoned: Arc::default() }
    }
}

impl ByPointer {
    pub(crate) fn new(functions: Functions) -> Self {
        Self(ByValue::new(functions))
    }
}

impl Adds for ByValue {
    fn add(&self, a: u64, b: u64) -> u64 {
        assert!(!self.poisoned.load(Ordering::Relaxed), "the plugin failed before");
        self.raw.add(a, b)
    }
}

impl Adds for ByPointer {
    fn add(&self, a: u64, b: u64) -> u64 {
        let Self(ByValue { raw, poisoned }) = self;
        assert!(!poisoned.load(Ordering::Relaxed), "the plugin failed before");
        let mut sum = 0;
        // SAFETY: `create` made the object.
        let status = unsafe { (raw.functions.add_out)(raw.object, a, b, &raw mut sum) };
        assert!(status == 0, "the plugin failed");
        sum
    }
}
