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

    #[plugin(nounwind)]
    fn each(&self, seen: Option<Box<dyn Fn(u64) + Send + Sync>>);

    #[plugin(nounwind)]
    fn any(&self, seen: &mut dyn FnMut(u64) -> bool) -> bool;
}

// What is refused is still read: this is no error of its own.
pub fn used(store: &dyn Store) -> u64 {
    store.get(1)
}

fn main() {}
