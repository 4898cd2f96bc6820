use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    #[since("1.1.0")]
    fn count(&self) -> u64 {
        0
    }

    #[since = "1.0.0"]
    fn size(&self) -> u64 {
        0
    }
}

fn main() {}
