//! What the attributes stand on.

use plugin_contracts::kernel::{Events, PerCpu, Table};
use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.filter", version = "1.0.0", unlocked)]
pub trait Filter: Send + Sync {
    #[hook(xdp)]
    fn without_a_packet(&self) -> u32;
    #[hook(xdp)]
    fn with_a_bool(&self, packet: &[u8]) -> bool;
    #[hook(fentry(vfs_open))]
    fn with_a_packet(&self, packet: &[u8]) -> i32;
    #[event]
    fn of_nothing(&self) -> u32;
    #[event]
    fn with_an_argument(&self, most: u32) -> Events<u32>;
    #[table]
    fn of_another(&self) -> Events<u32>;
    #[state(array)]
    fn keyed(&self) -> Table<u64, u64>;
    #[table(percpu)]
    fn of_one_processor(&self) -> Table<u32, u32>;
    #[table(hash)]
    fn of_each_processor(&self) -> PerCpu<u32, u32>;
    #[state(percpu_array)]
    fn keyed_too(&self) -> PerCpu<u64, u64>;
    #[config]
    fn silent(&self);
    #[table]
    fn with_a_body(&self) -> Table<u32, u32> {
        Table::new(1)
    }
    fn unsaid_events(&self) -> Events<u32>;
    fn unsaid_table(&self) -> Table<u32, u32>;
    fn unsaid_processors(&self) -> plugin_contracts::kernel::PerCpu<u32, u32>;
}

fn main() {}
