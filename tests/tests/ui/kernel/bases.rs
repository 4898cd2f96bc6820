//! A contract that the kernel carries, and another that it is built on.

use plugin_contracts::kernel::Table;
use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.named", version = "1.0.0", unlocked)]
pub trait Named: Send + Sync {
    fn name(&self) -> String;
}

#[plugin_contract(id = "acme.filter", version = "1.0.0", unlocked)]
pub trait Filter: Named {
    #[table(capacity = 16)]
    fn blocked(&self) -> Table<u32, u32>;
}

fn main() {}
