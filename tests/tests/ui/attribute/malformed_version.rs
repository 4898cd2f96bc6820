// What follows from the version is not judged by a version that nobody can read: `since` is silent here.
use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0")]
pub trait Store {
    #[since("1.1.0")]
    fn count(&self) -> u64 {
        0
    }
}

fn main() {}
