use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    #[renamed_from("get it")]
    #[renamed_from = "load"]
    #[renamed_from("r#move")]
    fn get(&self, key: u64) -> u64;

    #[renamed_from("put")]
    #[renamed_from("get")]
    fn put(&self, key: u64);

    #[renamed_from("wipe")]
    #[renamed_from("wipe")]
    fn clear(&self);

    #[renamed_from("wipe")]
    fn purge(&self);
}

// What is refused is still read: this is no error of its own.
pub fn used(store: &dyn Store) -> u64 {
    store.get(1)
}

fn main() {}
