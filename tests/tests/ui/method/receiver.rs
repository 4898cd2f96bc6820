use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn close(self);
    fn open(path: &str) -> u64;
    fn share(self: std::sync::Arc<Self>) -> u64;
    fn lend<'a>(&'a self) -> u64;
}

fn main() {}
