//! A `Bench_TO` from a root module.

use std::path::Path;

use abi_stable::library::lib_header_from_path;
use abi_stable::sabi_trait::TD_Opaque;
use abi_stable::sabi_types::RRef;
use abi_stable::std_types::RVec;
use abi_stable_contract::{BenchBox, RootRef, Visit, Visit_TO};

use super::Side;

pub(crate) struct AbiStable(BenchBox);

struct Closure<F>(F);

impl<F: Fn(u64) -> u64> Visit for Closure<F> {
    fn visit(&self, number: u64) -> u64 {
        (self.0)(number)
    }
}

impl Side for AbiStable {
    /// What `RootModule::load_from_file` does, which remembers the first file for ever.
    fn load(path: &Path) -> Self {
        let header = lib_header_from_path(path).expect("it opens");
        let root = header.init_root_module::<RootRef>().expect("its layout fits");
        Self(root.create()())
    }

    #[inline]
    fn add(&self, a: u64, b: u64) -> u64 {
        self.0.add(a, b)
    }

    #[inline]
    fn get<T>(&self, key: &str, see: impl FnOnce(&[u8]) -> T) -> T {
        see(&self.0.get(key.into()))
    }

    #[inline]
    fn own(&self, key: &str) -> Vec<u8> {
        RVec::into_vec(self.0.get(key.into()))
    }

    #[inline]
    fn put(&mut self, key: &str, value: &[u8]) {
        self.0.put(key.into(), value.into());
    }

    #[inline]
    fn each(&self, times: u64, visit: impl Fn(u64) -> u64) -> u64 {
        let visit = Closure(visit);
        self.0.each(times, Visit_TO::from_ptr(RRef::new(&visit), TD_Opaque))
    }

    #[inline]
    fn open(&self, from: u64) -> u64 {
        self.0.open(from).next()
    }
}
