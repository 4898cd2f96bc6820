//! The plugin by stabby.

use stabby::boxed::Box;
use stabby::closure::Call1Dyn;
use stabby::slice::Slice;
use stabby::str::Str;
use stabby::vec::Vec;
use stabby_contract::{Bench, BenchBox, Counter, CounterBox, Ready, VisitRef};
use work::{Count, Table};

struct Theirs(Table);
struct TheirCount(Count);

impl Counter for TheirCount {
    extern "C" fn next(&mut self) -> u64 {
        self.0.step()
    }
}

impl Bench for Theirs {
    extern "C" fn add(&self, a: u64, b: u64) -> u64 {
        self.0.sum(a, b)
    }

    extern "C" fn get<'a>(&'a self, key: Str<'a>) -> Vec<u8> {
        self.0.value(key.as_str()).into()
    }

    extern "C" fn put<'a>(&'a mut self, key: Str<'a>, value: Slice<'a, u8>) {
        self.0.keep(key.as_str(), value.into());
    }

    extern "C" fn each<'a>(&'a self, times: u64, visit: VisitRef<'a>) -> u64 {
        self.0.each(times, |number| visit.call(number))
    }

    extern "C" fn open(&self, from: u64) -> CounterBox {
        Box::new(TheirCount(Count::new(from))).into()
    }

    extern "C" fn ready<'a>(&'a self, value: u64) -> Ready<'a> {
        Box::new(async move { value }).into()
    }
}

/// What the host looks up.
#[stabby::export]
pub extern "C" fn peers_stabby() -> BenchBox {
    Box::new(Theirs(Table::default())).into()
}
