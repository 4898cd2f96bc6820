//! The plugin by cglue.

use abi_stable::StableAbi;
use cglue::prelude::v1::*;
use cglue::trait_group::c_void;
use cglue::vec::CVec;
use cglue_contract::*;
use work::{Count, Table};

struct Theirs(Table);

/// What it hands out.
pub struct TheirCount(Count);

impl Counter for TheirCount {
    fn next(&mut self) -> u64 {
        self.0.step()
    }
}

impl Bench for Theirs {
    type Counter = TheirCount;

    fn add(&self, a: u64, b: u64) -> u64 {
        self.0.sum(a, b)
    }

    fn get(&self, key: &str) -> CVec<u8> {
        self.0.value(key).to_vec().into()
    }

    fn put(&mut self, key: &str, value: &[u8]) {
        self.0.keep(key, value);
    }

    fn each(&self, times: u64, visit: VisitRef<'_>) -> u64 {
        self.0.each(times, |number| visit.visit(number))
    }

    fn open(&self, from: u64) -> TheirCount {
        TheirCount(Count::new(from))
    }

    fn ready(&self, value: u64) -> Ready {
        trait_obj!(async move { value } as Future)
    }
}

/// What the host looks up.
#[unsafe(no_mangle)]
pub static PEERS_CGLUE: Root = Root { layout: <BenchArcBox<'static> as StableAbi>::LAYOUT, create };

extern "C" fn create(library: &CArc<c_void>) -> BenchArcBox<'static> {
    trait_obj!((Theirs(Table::default()), library.clone()) as Bench)
}
