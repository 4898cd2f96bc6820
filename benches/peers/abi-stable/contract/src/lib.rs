//! The contract by abi_stable: traits in its types, and a root module that makes an object.
#![allow(missing_docs, reason = "said in the contract of ours")]
#![allow(non_local_definitions, non_camel_case_types, reason = "so are its macros' names")]

use abi_stable::library::RootModule;
use abi_stable::sabi_types::{RRef, VersionStrings};
use abi_stable::std_types::{RBox, RSlice, RStr, RVec};
use abi_stable::{StableAbi, declare_root_module_statics, package_version_strings, sabi_trait};

#[sabi_trait]
pub trait Counter: Send + Sync {
    #[sabi(last_prefix_field)]
    fn next(&mut self) -> u64;
}

/// A closure of the host's: abi_stable has none of its own.
#[sabi_trait]
pub trait Visit {
    #[sabi(last_prefix_field)]
    fn visit(&self, number: u64) -> u64;
}

pub type CounterBox = Counter_TO<'static, RBox<()>>;
pub type VisitRef<'a> = Visit_TO<'a, RRef<'a, ()>>;

#[sabi_trait]
pub trait Bench: Send + Sync {
    fn add(&self, a: u64, b: u64) -> u64;
    fn get(&self, key: RStr<'_>) -> RVec<u8>;
    fn put(&mut self, key: RStr<'_>, value: RSlice<'_, u8>);
    fn each(&self, times: u64, visit: VisitRef<'_>) -> u64;
    #[sabi(last_prefix_field)]
    fn open(&self, from: u64) -> CounterBox;
}

pub type BenchBox = Bench_TO<'static, RBox<()>>;

#[repr(C)]
#[derive(StableAbi)]
#[sabi(kind(Prefix(prefix_ref = RootRef)))]
pub struct Root {
    #[sabi(last_prefix_field)]
    pub create: extern "C" fn() -> BenchBox,
}

impl RootModule for RootRef {
    declare_root_module_statics! {RootRef}
    const BASE_NAME: &'static str = "abi_stable_plugin";
    const NAME: &'static str = "abi_stable_plugin";
    const VERSION_STRINGS: VersionStrings = package_version_strings!();
}
