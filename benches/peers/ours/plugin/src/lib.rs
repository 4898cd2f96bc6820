//! The plugin as a plain implementation of that trait.

use ours_contract::{Bench, Counter};
use plugin_contracts::{Buf, PluginContext, Sink, export_plugin, plugin_impl};
use work::{Count, Table};

struct Ours(Table);
struct OurCount(Count);

impl Counter for OurCount {
    fn next(&mut self) -> u64 {
        self.0.step()
    }
}

#[plugin_impl]
impl Bench for Ours {
    fn add(&self, a: u64, b: u64) -> u64 {
        self.0.sum(a, b)
    }

    fn sum(&self, a: u64, b: u64) -> u64 {
        self.0.sum(a, b)
    }

    fn get(&self, key: &str) -> Buf {
        self.0.value(key).to_vec().into()
    }

    fn own(&self, key: &str) -> Vec<u8> {
        self.0.value(key).to_vec()
    }

    fn read(&self, key: &str, mut to: Sink<'_>) {
        to.write(self.0.value(key));
    }

    fn put(&mut self, key: &str, value: &[u8]) {
        self.0.keep(key, value);
    }

    fn each(&self, times: u64, visit: &dyn Fn(u64) -> u64) -> u64 {
        self.0.each(times, visit)
    }

    fn open(&self, from: u64) -> Box<dyn Counter> {
        Box::new(OurCount(Count::new(from)))
    }

    async fn ready(&self, value: u64) -> u64 {
        value
    }
}

fn new(_: &PluginContext) -> Result<Ours, String> {
    Ok(Ours(Table::default()))
}

export_plugin!(dyn Bench => new);
