//! A `Plugin<dyn Bench>`.

use std::path::Path;

use ours_contract::Bench;
use plugin_contracts::Sink;
use plugin_host::Plugin;

use super::{Promises, Side, Waits, now};

pub(crate) struct Ours(Plugin<dyn Bench>);

impl Side for Ours {
    fn load(path: &Path) -> Self {
        // SAFETY: the file is built by this bench.
        Self(unsafe { Plugin::load(path) }.expect("it loads"))
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
        self.0.own(key)
    }

    #[inline]
    fn read(&self, key: &str, bytes: &mut Vec<u8>) {
        bytes.clear();
        self.0.read(key, Sink::new(bytes));
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
}

impl Promises for Ours {
    #[inline]
    fn sum(&self, a: u64, b: u64) -> u64 {
        self.0.sum(a, b)
    }
}

impl Waits for Ours {
    #[inline]
    fn ready(&self, value: u64) -> u64 {
        now(self.0.ready(value))
    }
}
