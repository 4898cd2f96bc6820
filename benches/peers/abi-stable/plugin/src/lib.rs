//! The plugin by abi_stable.
#![allow(missing_docs, reason = "what its macros print has none")]

use abi_stable::prefix_type::PrefixTypeTrait;
use abi_stable::sabi_trait::TD_Opaque;
use abi_stable::std_types::{RSlice, RStr, RVec};
use abi_stable::{export_root_module, sabi_extern_fn};
use abi_stable_contract::{
    Bench, Bench_TO, BenchBox, Counter, Counter_TO, CounterBox, Root, RootRef, VisitRef,
};
use work::{Count, Table};

struct Theirs(Table);
struct TheirCount(Count);

impl Counter for TheirCount {
    fn next(&mut self) -> u64 {
        self.0.step()
    }
}

impl Bench for Theirs {
    fn add(&self, a: u64, b: u64) -> u64 {
        self.0.sum(a, b)
    }

    fn get(&self, key: RStr<'_>) -> RVec<u8> {
        self.0.value(key.as_str()).to_vec().into()
    }

    fn put(&mut self, key: RStr<'_>, value: RSlice<'_, u8>) {
        self.0.keep(key.as_str(), value.as_slice());
    }

    fn each(&self, times: u64, visit: VisitRef<'_>) -> u64 {
        self.0.each(times, |number| visit.visit(number))
    }

    fn open(&self, from: u64) -> CounterBox {
        Counter_TO::from_value(TheirCount(Count::new(from)), TD_Opaque)
    }
}

/// What the host looks up.
#[export_root_module]
pub fn root() -> RootRef {
    Root { create }.leak_into_prefix()
}

#[sabi_extern_fn]
fn create() -> BenchBox {
    Bench_TO::from_value(Theirs(Table::default()), TD_Opaque)
}
