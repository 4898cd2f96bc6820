//! The same signature, at another place in the kernel.

use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "2.0.0")]
pub trait Store: Send + Sync {
    #[hook(tcx_ingress)]
    fn ingress(&self, packet: &[u8]) -> u32;
}
