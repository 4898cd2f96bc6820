//! The contracts that are measured. Each side has the same objects, compiled from `bpf/`.

use plugin_contracts::kernel::{Events, Table};
use plugin_contracts::{PluginType, plugin_contract};

/// An event, and when it was sent: nanoseconds of the monotonic clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub(crate) struct Seen {
    pub(crate) at: u64,
    pub(crate) number: u64,
    pub(crate) flow: [u8; 12],
    pub(crate) len: u32,
}

/// Where a packet comes from and goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub(crate) struct Flow {
    pub(crate) source: [u8; 4],
    pub(crate) destination: [u8; 4],
    pub(crate) source_port: u16,
    pub(crate) destination_port: u16,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub(crate) struct Verdict {
    pub(crate) action: u32,
    pub(crate) reason: u32,
}

/// What aya loads as well: XDP and maps.
#[plugin_contract(id = "bench.plain", version = "1.0.0", unlocked)]
pub(crate) trait Plain: Send + Sync {
    /// Tells each packet by the ring.
    #[hook(xdp)]
    fn look(&self, packet: &[u8]) -> u32;
    /// Tells each packet by the perf buffers.
    #[hook(xdp)]
    fn look_perf(&self, packet: &[u8]) -> u32;
    #[event(ring, capacity = 1048576)]
    fn seen(&self) -> Events<Seen>;
    #[event(perf, capacity = 65536)]
    fn seen_perf(&self) -> Events<Seen>;
    #[table(capacity = 1024)]
    fn rules(&self) -> Table<u64, u64>;
}

/// What a contract may have.
#[plugin_contract(id = "bench.whole", version = "1.0.0", unlocked)]
pub(crate) trait Whole: Send + Sync {
    fn verdict(&self, flow: Flow, len: u32) -> Verdict;
    /// Tells so many events, and wakes nobody.
    fn tell(&self, from: u64, count: u32);
    #[hook(xdp)]
    fn look(&self, packet: &[u8]) -> u32;
    #[hook(tcx_ingress)]
    fn classify(&self, packet: &[u8]) -> i32;
    #[event(ring, capacity = 1048576)]
    fn seen(&self) -> Events<Seen>;
    #[config]
    fn limit(&self) -> u32;
    #[table(policy, capacity = 1024)]
    fn rules(&self) -> Table<u64, u64>;
    #[state(array, capacity = 2)]
    fn counters(&self) -> Table<u32, u64>;
}
