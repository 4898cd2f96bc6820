//! What no kernel program can hold or do.

use plugin_contracts::kernel::{Events, Table};
use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.filter", version = "1.0.0", unlocked)]
pub trait Filter: Send + Sync {
    #[hook(xdp)]
    fn ingress(&self, packet: &[u8]) -> u32;
    fn text(&self, name: &str) -> u32;
    fn list(&self, ports: Vec<u16>);
    fn maybe(&self) -> Option<u32>;
    fn fraction(&self, share: f64);
    fn flag(&self, on: bool);
    fn wide(&self, address: u128);
    fn machine(&self, size: usize);
    fn letter(&self, letter: char);
    fn pair(&self, both: (u32, u32));
    async fn later(&self) -> u32;
    #[event]
    fn named(&self) -> Events<String>;
    #[table]
    fn weighed(&self) -> Table<u32, [f32; 2]>;
}

fn main() {}
