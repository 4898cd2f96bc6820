//! The contract by cglue: traits in its types, and a layout that the host compares with its own.
#![allow(missing_docs, reason = "said in the contract of ours")]

use abi_stable::StableAbi;
use abi_stable::type_layout::TypeLayout;
use cglue::ext::core::future::FutureBox;
use cglue::prelude::v1::*;
use cglue::trait_group::c_void;
use cglue::vec::CVec;

#[cglue_trait]
pub trait Counter {
    fn next(&mut self) -> u64;
}

/// A closure of the host's: cglue's own callbacks return nothing but whether to go on.
#[cglue_trait]
pub trait Visit {
    fn visit(&self, number: u64) -> u64;
}

/// A value that comes later.
pub type Ready = FutureBox<'static, u64>;

#[cglue_trait]
pub trait Bench {
    #[wrap_with_obj(Counter)]
    type Counter: Counter + 'static;

    fn add(&self, a: u64, b: u64) -> u64;
    fn get(&self, key: &str) -> CVec<u8>;
    fn put(&mut self, key: &str, value: &[u8]);
    fn each(&self, times: u64, visit: VisitRef<'_>) -> u64;
    fn open(&self, from: u64) -> Self::Counter;
    fn ready(&self, value: u64) -> Ready;
}

/// What the host looks up, as `PEERS_CGLUE`. The objects keep the library that is lent to `create`.
#[repr(C)]
pub struct Root {
    pub layout: &'static TypeLayout,
    pub create: extern "C" fn(&CArc<c_void>) -> BenchArcBox<'static>,
}

/// What both sides know of the contract.
#[must_use]
pub fn layout() -> &'static TypeLayout {
    <BenchArcBox<'static> as StableAbi>::LAYOUT
}
