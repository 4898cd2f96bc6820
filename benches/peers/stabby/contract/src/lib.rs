//! The contract by stabby: traits in its types.
#![allow(missing_docs, reason = "said in the contract of ours")]

use stabby::boxed::Box;
use stabby::future::DynFuture;
use stabby::slice::Slice;
use stabby::str::Str;
use stabby::vec::Vec;

#[stabby::stabby(checked)]
pub trait Counter {
    extern "C" fn next(&mut self) -> u64;
}

pub type CounterBox = stabby::dynptr!(Box<dyn Counter + Send + Sync + 'static>);
pub type VisitRef<'a> = stabby::dynptr!(&'a dyn Fn(u64) -> u64);
pub type Ready<'a> = DynFuture<'a, u64>;

#[stabby::stabby(checked)]
pub trait Bench {
    extern "C" fn add(&self, a: u64, b: u64) -> u64;
    extern "C" fn get<'a>(&'a self, key: Str<'a>) -> Vec<u8>;
    extern "C" fn put<'a>(&'a mut self, key: Str<'a>, value: Slice<'a, u8>);
    extern "C" fn each<'a>(&'a self, times: u64, visit: VisitRef<'a>) -> u64;
    extern "C" fn open(&self, from: u64) -> CounterBox;
    extern "C" fn ready<'a>(&'a self, value: u64) -> Ready<'a>;
}

pub type BenchBox = stabby::dynptr!(Box<dyn Bench + Send + Sync + 'static>);
