//! Which packets is for its docs to say.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store: Send + Sync {
    /// Looks at what comes in.
    #[hook(xdp)]
    fn ingress(&self, packet: &[u8]) -> u32;
}
