//! A `BenchArcBox`, which keeps its library.

use std::path::Path;

use cglue::arc::CArc;
use cglue::prelude::v1::*;
use cglue::trait_group::compare_layouts;
use cglue_contract::{Bench, BenchArcBox, Counter, Root, Visit, VisitBase, layout};
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

use super::{Side, Waits, now};

pub(crate) struct Cglue(BenchArcBox<'static>);

struct Closure<F>(F);

impl<F: Fn(u64) -> u64> Visit for Closure<F> {
    fn visit(&self, number: u64) -> u64 {
        (self.0)(number)
    }
}

impl Side for Cglue {
    fn load(path: &Path) -> Self {
        // SAFETY: the file is built by this bench.
        let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.expect("it opens");
        // SAFETY: the plugin exports a root of this type.
        let found = unsafe { library.get::<*const Root>(b"PEERS_CGLUE\0") }.expect("it has a root");
        // SAFETY: it is a static of the library.
        let root = unsafe { &**found };
        let fits = compare_layouts(Some(layout()), Some(root.layout));
        assert!(fits.is_valid_strict(), "its layout does not fit");
        let create = root.create;
        Self(create(&CArc::from(library).into_opaque()))
    }

    #[inline]
    fn add(&self, a: u64, b: u64) -> u64 {
        self.0.add(a, b)
    }

    #[inline]
    fn get<T>(&self, key: &str, see: impl FnOnce(&[u8]) -> T) -> T {
        see(&self.0.get(key))
    }

    #[inline]
    fn own(&self, key: &str) -> Vec<u8> {
        self.get(key, <[u8]>::to_vec)
    }

    #[inline]
    fn put(&mut self, key: &str, value: &[u8]) {
        self.0.put(key, value);
    }

    #[inline]
    fn each(&self, times: u64, visit: impl Fn(u64) -> u64) -> u64 {
        let visit = Closure(visit);
        self.0.each(times, trait_obj!(&visit as Visit))
    }

    #[inline]
    fn open(&self, from: u64) -> u64 {
        self.0.open(from).next()
    }
}

impl Waits for Cglue {
    #[inline]
    fn ready(&self, value: u64) -> u64 {
        now(self.0.ready(value))
    }
}
