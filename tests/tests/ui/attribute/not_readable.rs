// The arguments are pairs with `=`: one mistake in them is one error, not three.
use plugin_contracts::plugin_contract;

#[plugin_contract(id: "acme.store", version: "1.0.0")]
pub trait Store {
    fn get(&self, key: u64) -> u64;
}

fn main() {}
