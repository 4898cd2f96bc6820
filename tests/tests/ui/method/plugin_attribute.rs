use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    #[plugin(no_unwind)]
    fn get(&self, key: u64) -> u64;

    #[plugin(nounwind, nounwind)]
    fn put(&self, key: u64);

    #[plugin(nounwind)]
    #[plugin(nounwind)]
    fn clear(&self);

    #[plugin(nounwind = true)]
    fn purge(&self);

    #[plugin]
    fn sync(&self);
}

// What is refused is still read: this is no error of its own.
pub fn used(store: &dyn Store) -> u64 {
    store.get(1)
}

fn main() {}
