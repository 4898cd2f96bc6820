//! The contract as it was promised.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store: Send + Sync {
    #[hook(xdp)]
    fn ingress(&self, packet: &[u8]) -> u32;
}
