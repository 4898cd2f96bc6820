//! A `dynptr!(Box<dyn Bench>)` from a function with a report.

use std::path::Path;

use libloading::Library;
use stabby::libloading::StabbyLibrary;
use stabby_contract::{BenchBox, BenchDyn, BenchDynMut, CounterDynMut};

use super::{Side, Waits, now};

pub(crate) struct Stabby {
    object: BenchBox,
    // Declared last: it outlives the object.
    _library: Library,
}

impl Side for Stabby {
    fn load(path: &Path) -> Self {
        // SAFETY: the file is built by this bench.
        let library = unsafe { Library::new(path) }.expect("it opens");
        // SAFETY: the same; the function's type is checked.
        let found = unsafe { library.get_stabbied::<extern "C" fn() -> BenchBox>(b"peers_stabby") };
        let object = found.expect("its report fits")();
        Self { object, _library: library }
    }

    #[inline]
    fn add(&self, a: u64, b: u64) -> u64 {
        self.object.add(a, b)
    }

    #[inline]
    fn get<T>(&self, key: &str, see: impl FnOnce(&[u8]) -> T) -> T {
        see(&self.object.get(key.into()))
    }

    #[inline]
    fn own(&self, key: &str) -> Vec<u8> {
        self.get(key, <[u8]>::to_vec)
    }

    #[inline]
    fn put(&mut self, key: &str, value: &[u8]) {
        self.object.put(key.into(), value.into());
    }

    #[inline]
    fn each(&self, times: u64, visit: impl Fn(u64) -> u64) -> u64 {
        self.object.each(times, (&visit).into())
    }

    #[inline]
    fn open(&self, from: u64) -> u64 {
        self.object.open(from).next()
    }
}

impl Waits for Stabby {
    #[inline]
    fn ready(&self, value: u64) -> u64 {
        now(self.object.ready(value))
    }
}
