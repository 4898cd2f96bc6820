//! A packet filter, as a plugin contract.
//!
//! The same trait is implemented by a value of the host's, by a library, and by an XDP program in the kernel. So it speaks of
//! plain data only, and shares tables and events with its user instead of returning them.

use plugin_contracts::kernel::{Events, Table};
use plugin_contracts::{PluginType, plugin_contract};

/// The packet is dropped: `XDP_DROP`.
pub const DROP: u32 = 1;
/// The packet goes on: `XDP_PASS`.
pub const PASS: u32 = 2;

/// Where the packets that passed are counted, in [`Filter::counters`].
pub const PASSED: u32 = 0;
/// Where the packets that were dropped are counted.
pub const DROPPED: u32 = 1;

/// Where a packet comes from and goes to, in the order of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Flow {
    /// The sender's IPv4 address.
    pub source: [u8; 4],
    /// The receiver's.
    pub destination: [u8; 4],
    /// The sender's port.
    pub source_port: u16,
    /// The receiver's.
    pub destination_port: u16,
    /// 6 for TCP, 17 for UDP.
    pub protocol: u8,
    /// Zeros.
    pub _reserved: [u8; 3],
}

/// Why a packet was dropped.
pub mod reason {
    /// A rule says so.
    pub const RULE: u32 = 1;
    /// It is longer than [`Limits::max_len`](super::Limits::max_len).
    pub const TOO_LONG: u32 = 2;
}

/// A packet that was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Dropped {
    /// Where it came from and was to go.
    pub flow: Flow,
    /// Its length in bytes.
    pub len: u32,
    /// See [`reason`].
    pub reason: u32,
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Port {
    /// The receiver's port.
    pub number: u16,
    /// 6 for TCP, 17 for UDP.
    pub protocol: u16,
}

/// What becomes of a packet, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Verdict {
    /// [`DROP`] or [`PASS`].
    pub action: u32,
    /// See [`reason`]; 0 when it passes.
    pub reason: u32,
}

/// What is said before the filter starts, and never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Limits {
    /// Longer packets are dropped; 0 lets all lengths pass.
    pub max_len: u32,
    /// Which generation of the filter it is.
    pub generation: u32,
}

/// Lets packets pass, or drops them.
#[plugin_contract(id = "acme.filter", version = "1.0.0")]
pub trait Filter: Send + Sync {
    /// Looks at an Ethernet frame: [`DROP`] or [`PASS`].
    #[hook(xdp)]
    fn ingress(&self, packet: &[u8]) -> u32;

    /// What would become of a packet of this flow and length; nothing is counted.
    fn verdict(&self, flow: Flow, len: u32) -> Verdict;

    /// Packets that were dropped.
    #[event(ring, capacity = 262144)]
    fn drops(&self) -> Events<Dropped>;

    /// What was said before the filter started.
    #[config]
    fn limits(&self) -> Limits;

    /// Ports whose packets are dropped ([`DROP`]), or pass ([`PASS`]) as those of any other do. It may be replaced whole, while
    /// packets arrive.
    #[table(policy, capacity = 1024)]
    fn rules(&self) -> Table<Port, u32>;

    /// How many packets [`PASSED`] and were [`DROPPED`].
    #[state(array, capacity = 2)]
    fn counters(&self) -> Table<u32, u64>;
}
