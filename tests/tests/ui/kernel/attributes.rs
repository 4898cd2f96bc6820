//! What stands in the attributes.

use plugin_contracts::kernel::{Events, Table};
use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.filter", version = "1.0.0", unlocked)]
pub trait Filter {
    #[hook(xpd)]
    fn misspelt(&self, packet: &[u8]) -> u32;
    #[hook]
    fn nowhere(&self, packet: &[u8]) -> u32;
    #[hook(lsm)]
    fn of_no_function(&self) -> i32;
    #[hook(freplace)]
    fn of_no_program(&self) -> i32;
    #[hook(xdp(eth0))]
    fn of_an_interface(&self, packet: &[u8]) -> u32;
    #[hook(xdp)]
    #[event]
    fn both(&self, packet: &[u8]) -> u32;
    #[config(1)]
    fn configured(&self) -> u32;
    #[event(queue)]
    fn queued(&self) -> Events<u32>;
    #[event(capacity = 1000)]
    fn no_power_of_two(&self) -> Events<u32>;
    #[table(capacity = 0)]
    fn nothing(&self) -> Table<u32, u32>;
    #[table(capacity = 1073741824)]
    fn more_than_btf_counts(&self) -> Table<u32, u32>;
    #[table(hash, array)]
    fn two_kinds(&self) -> Table<u32, u32>;
}

fn main() {}
