//! A table of functions that say how they ended, behind a trait, with a flag that nothing is called any more once one has panicked.

use std::any::Any;
use std::cell::Cell;
use std::future::Future;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use guarded_contract::{Answer, Bytes, Functions, OK, PANICKED, VERSION, Wake};
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

use super::{Promises, Side, Waits, now};

/// What its users see: they can write another one for their tests.
trait Bench {
    fn add(&self, a: u64, b: u64) -> u64;
    fn sum(&self, a: u64, b: u64) -> u64;
    fn get(&self, key: &str) -> Held<'_>;
    fn read(&self, key: &str, bytes: &mut Vec<u8>);
    fn put(&mut self, key: &str, value: &[u8]);
    fn each(&self, times: u64, visit: &dyn Fn(u64) -> u64) -> u64;
    fn open(&self, from: u64) -> Box<dyn Counter>;
    fn ready(&self, value: u64) -> Pin<Box<dyn Future<Output = u64> + '_>>;
}

trait Counter {
    fn next(&mut self) -> u64;
}

pub(crate) struct Guarded(Box<dyn Bench>);

/// What everything that came of the plugin keeps.
struct Shared {
    functions: Functions,
    has_panicked: AtomicBool,
    _library: Library,
}

struct Plugin {
    shared: Arc<Shared>,
    object: *mut (),
}

impl Shared {
    /// Before a call.
    #[inline]
    fn ask(&self) {
        assert!(!self.has_panicked.load(Ordering::Relaxed), "the plugin failed before");
    }

    /// After it.
    #[inline]
    fn ended(&self, status: u32) {
        if status != OK {
            self.failed(status);
        }
    }

    #[cold]
    fn failed(&self, status: u32) -> ! {
        self.has_panicked.fetch_or(status == PANICKED, Ordering::Relaxed);
        panic!("the plugin failed: {status}");
    }

    #[inline]
    fn value(&self, answer: Answer) -> u64 {
        self.ended(answer.status);
        answer.value
    }
}

/// Bytes of the plugin's, given back when they are dropped.
struct Held<'a> {
    bytes: Bytes,
    shared: &'a Shared,
}

impl Held<'_> {
    #[inline]
    fn as_slice(&self) -> &[u8] {
        // SAFETY: the plugin returned a vector's parts.
        unsafe { std::slice::from_raw_parts(self.bytes.ptr, self.bytes.len) }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // SAFETY: they are given back once.
        unsafe { (self.shared.functions.free)(self.bytes.ptr, self.bytes.cap) };
    }
}

/// A closure of the host's, and what it panicked with.
struct Visit<'a> {
    visit: &'a dyn Fn(u64) -> u64,
    panic: Cell<Option<Box<dyn Any + Send>>>,
}

unsafe extern "C" fn visit(userdata: *const (), number: u64) -> Answer {
    // SAFETY: `each` passed one of these, and waits.
    let visit = unsafe { &*userdata.cast::<Visit<'_>>() };
    match panic::catch_unwind(AssertUnwindSafe(|| (visit.visit)(number))) {
        Ok(value) => Answer { value, status: OK },
        Err(panic) => {
            visit.panic.set(Some(panic));
            Answer { value: 0, status: u32::MAX }
        }
    }
}

impl Bench for Plugin {
    fn add(&self, a: u64, b: u64) -> u64 {
        self.shared.ask();
        // SAFETY: `create` made the object.
        self.shared.value(unsafe { (self.shared.functions.add)(self.object, a, b) })
    }

    fn sum(&self, a: u64, b: u64) -> u64 {
        self.shared.ask();
        // SAFETY: `create` made the object.
        unsafe { (self.shared.functions.sum)(self.object, a, b) }
    }

    fn get(&self, key: &str) -> Held<'_> {
        let shared = &*self.shared;
        shared.ask();
        let mut bytes = Bytes { ptr: std::ptr::null_mut(), len: 0, cap: 0 };
        // SAFETY: `create` made the object, and there is a place for the bytes.
        shared.ended(unsafe { (shared.functions.get)(self.object, key.as_ptr(), key.len(), &raw mut bytes) });
        Held { bytes, shared }
    }

    fn read(&self, key: &str, bytes: &mut Vec<u8>) {
        let shared = &*self.shared;
        loop {
            shared.ask();
            let (to, room) = (bytes.as_mut_ptr(), bytes.capacity());
            // SAFETY: `create` made the object, and the vector has the room.
            let answer = unsafe { (shared.functions.read)(self.object, key.as_ptr(), key.len(), to, room) };
            let len = shared.value(answer) as usize;
            if len <= room {
                // SAFETY: as many were written.
                return unsafe { bytes.set_len(len) };
            }
            bytes.clear();
            bytes.reserve(len);
        }
    }

    fn put(&mut self, key: &str, value: &[u8]) {
        let shared = &*self.shared;
        shared.ask();
        let put = shared.functions.put;
        // SAFETY: `create` made the object, and we hold it exclusively.
        shared.ended(unsafe { put(self.object, key.as_ptr(), key.len(), value.as_ptr(), value.len()) });
    }

    fn each(&self, times: u64, each: &dyn Fn(u64) -> u64) -> u64 {
        self.shared.ask();
        let data = Visit { visit: each, panic: Cell::new(None) };
        // SAFETY: `create` made the object, and the function takes what is passed with it.
        let answer =
            unsafe { (self.shared.functions.each)(self.object, times, visit, (&raw const data).cast()) };
        if let Some(panic) = data.panic.take() {
            panic::resume_unwind(panic);
        }
        self.shared.value(answer)
    }

    fn open(&self, from: u64) -> Box<dyn Counter> {
        self.shared.ask();
        // SAFETY: `create` made the object.
        let counter = unsafe { (self.shared.functions.open)(self.object, from) };
        if counter.is_null() {
            self.shared.failed(PANICKED);
        }
        Box::new(Opened { shared: Arc::clone(&self.shared), counter })
    }

    fn ready(&self, value: u64) -> Pin<Box<dyn Future<Output = u64> + '_>> {
        self.shared.ask();
        // SAFETY: `create` made the object.
        let future = unsafe { (self.shared.functions.ready)(self.object, value) };
        if future.is_null() {
            self.shared.failed(PANICKED);
        }
        Box::pin(Ready { shared: &self.shared, future })
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        // SAFETY: `create` made the object, and it is destroyed once. How that ended, nobody asks.
        unsafe { (self.shared.functions.destroy)(self.object) };
    }
}

/// A counter, which keeps its library.
struct Opened {
    shared: Arc<Shared>,
    counter: *mut (),
}

impl Counter for Opened {
    fn next(&mut self) -> u64 {
        self.shared.ask();
        // SAFETY: `open` made the counter.
        self.shared.value(unsafe { (self.shared.functions.next)(self.counter) })
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        // SAFETY: it is given back once.
        unsafe { (self.shared.functions.close)(self.counter) };
    }
}

struct Ready<'a> {
    shared: &'a Shared,
    future: *mut (),
}

unsafe extern "C" fn wake(_: *const ()) {}

impl Future for Ready<'_> {
    type Output = u64;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u64> {
        self.shared.ask();
        let waker = Wake { data: std::ptr::null(), wake };
        let mut out = 0;
        // SAFETY: `ready` made the future, and there is a place for the value.
        let answer = unsafe { (self.shared.functions.poll)(self.future, &raw const waker, &raw mut out) };
        if self.shared.value(answer) == 1 { Poll::Ready(out) } else { Poll::Pending }
    }
}

impl Drop for Ready<'_> {
    fn drop(&mut self) {
        // SAFETY: it is given back once.
        unsafe { (self.shared.functions.forget)(self.future) };
    }
}

impl Side for Guarded {
    fn load(path: &Path) -> Self {
        // SAFETY: the file is built by this bench.
        let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.expect("it opens");
        // SAFETY: the plugin exports a table of this type.
        let table = unsafe { library.get::<*const Functions>(b"PEERS_GUARDED\0") }.expect("it has a table");
        // SAFETY: it is a static of the library.
        let functions = unsafe { **table };
        assert_eq!(functions.version, VERSION, "it is another contract's");
        let object = (functions.create)();
        assert!(!object.is_null(), "the plugin failed");
        let shared = Arc::new(Shared { functions, has_panicked: AtomicBool::new(false), _library: library });
        Self(Box::new(Plugin { shared, object }))
    }

    #[inline]
    fn add(&self, a: u64, b: u64) -> u64 {
        self.0.add(a, b)
    }

    #[inline]
    fn get<T>(&self, key: &str, see: impl FnOnce(&[u8]) -> T) -> T {
        see(self.0.get(key).as_slice())
    }

    #[inline]
    fn own(&self, key: &str) -> Vec<u8> {
        self.0.get(key).as_slice().to_vec()
    }

    #[inline]
    fn put(&mut self, key: &str, value: &[u8]) {
        self.0.put(key, value);
    }

    #[inline]
    fn each(&self, times: u64, visit: impl Fn(u64) -> u64) -> u64 {
        self.0.each(times, &visit)
    }

    #[inline]
    fn open(&self, from: u64) -> u64 {
        self.0.open(from).next()
    }

    #[inline]
    fn read(&self, key: &str, bytes: &mut Vec<u8>) {
        self.0.read(key, bytes);
    }
}

impl Waits for Guarded {
    #[inline]
    fn ready(&self, value: u64) -> u64 {
        now(self.0.ready(value))
    }
}

impl Promises for Guarded {
    #[inline]
    fn sum(&self, a: u64, b: u64) -> u64 {
        self.0.sum(a, b)
    }
}
