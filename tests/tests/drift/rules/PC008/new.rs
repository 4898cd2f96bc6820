//! `size` is called `len`, and still found by whoever knows it as `size`.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.1.0")]
pub trait Store {
    #[renamed_from("size")]
    fn len(&self, deep: bool) -> u64;
}
