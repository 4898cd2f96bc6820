//! Words above a method are no body.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    /// 0 where nobody counted.
    fn size(&self) -> u64;
}
