//! A table of functions behind one symbol.

use std::path::Path;

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use raw_contract::{Functions, Wake};

use super::{Promises, Side, Waits};

pub(crate) struct Raw {
    functions: Functions,
    object: *mut (),
    // Declared last: it outlives the object.
    _library: Library,
}

unsafe extern "C" fn visit<F: Fn(u64) -> u64>(userdata: *const (), number: u64) -> u64 {
    // SAFETY: `each` passed a closure of this type, and waits.
    let visit = unsafe { &*userdata.cast::<F>() };
    visit(number)
}

unsafe extern "C" fn wake(_: *const ()) {}

impl Side for Raw {
    fn load(path: &Path) -> Self {
        // SAFETY: the file is built by this bench.
        let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.expect("it opens");
        // SAFETY: the plugin exports a table of this type.
        let table = unsafe { library.get::<*const Functions>(b"PEERS_RAW\0") }.expect("it has a table");
        // SAFETY: it is a static of the library.
        let functions = unsafe { **table };
        Self { object: (functions.create)(), functions, _library: library }
    }

    #[inline]
    fn add(&self, a: u64, b: u64) -> u64 {
        // SAFETY: `create` made the object.
        unsafe { (self.functions.add)(self.object, a, b) }
    }

    #[inline]
    fn get<T>(&self, key: &str, see: impl FnOnce(&[u8]) -> T) -> T {
        // SAFETY: `create` made the object, and the key is text.
        let bytes = unsafe { (self.functions.get)(self.object, key.as_ptr(), key.len()) };
        // SAFETY: the library returned a vector's parts.
        let seen = see(unsafe { std::slice::from_raw_parts(bytes.ptr, bytes.len) });
        // SAFETY: they are given back once.
        unsafe { (self.functions.free)(bytes.ptr, bytes.cap) };
        seen
    }

    #[inline]
    fn own(&self, key: &str) -> Vec<u8> {
        self.get(key, <[u8]>::to_vec)
    }

    #[inline]
    fn read(&self, key: &str, bytes: &mut Vec<u8>) {
        loop {
            let (to, room) = (bytes.as_mut_ptr(), bytes.capacity());
            // SAFETY: `create` made the object, the key is text, and the vector has the room.
            let len = unsafe { (self.functions.read)(self.object, key.as_ptr(), key.len(), to, room) };
            if len <= room {
                // SAFETY: as many were written.
                return unsafe { bytes.set_len(len) };
            }
            bytes.clear();
            bytes.reserve(len);
        }
    }

    #[inline]
    fn put(&mut self, key: &str, value: &[u8]) {
        // SAFETY: `create` made the object, and we hold it exclusively.
        unsafe { (self.functions.put)(self.object, key.as_ptr(), key.len(), value.as_ptr(), value.len()) };
    }

    #[inline]
    fn each(&self, times: u64, each: impl Fn(u64) -> u64) -> u64 {
        fn visitor<F: Fn(u64) -> u64>(_: &F) -> unsafe extern "C" fn(*const (), u64) -> u64 {
            visit::<F>
        }
        // SAFETY: `create` made the object, and the function takes what is passed with it.
        unsafe { (self.functions.each)(self.object, times, visitor(&each), (&raw const each).cast()) }
    }

    #[inline]
    fn open(&self, from: u64) -> u64 {
        // SAFETY: `create` made the object.
        let counter = unsafe { (self.functions.open)(self.object, from) };
        // SAFETY: `open` made the counter.
        let next = unsafe { (self.functions.next)(counter) };
        // SAFETY: it is given back once.
        unsafe { (self.functions.close)(counter) };
        next
    }
}

impl Promises for Raw {
    #[inline]
    fn sum(&self, a: u64, b: u64) -> u64 {
        self.add(a, b)
    }
}

impl Waits for Raw {
    #[inline]
    fn ready(&self, value: u64) -> u64 {
        let waker = Wake { data: std::ptr::null(), wake };
        let mut out = 0;
        // SAFETY: `create` made the object.
        let future = unsafe { (self.functions.ready)(self.object, value) };
        // SAFETY: `ready` made the future, and there is a place for the value.
        let done = unsafe { (self.functions.poll)(future, &raw const waker, &raw mut out) };
        assert!(done, "it was to be ready");
        // SAFETY: it is given back once.
        unsafe { (self.functions.forget)(future) };
        out
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // SAFETY: `create` made the object, and it is destroyed once.
        unsafe { (self.functions.destroy)(self.object) };
    }
}
