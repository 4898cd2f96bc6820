//! What the packet filter's host does with a filter, whatever carries it.

pub mod capture;

use std::time::Duration;

use filter_contract::{DROPPED, Dropped, Filter, PASSED};
use plugin_contracts::kernel::KernelError;

/// The object of the XDP program, compiled with this crate.
#[cfg(feature = "ebpf")]
pub const OBJECT: &str = env!("FILTER_OBJECT");

/// What became of the packets of a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What the filter said to each packet.
    pub verdicts: Vec<u32>,
    /// How many it counted that passed.
    pub passed: u64,
    /// How many it counted that were dropped.
    pub dropped: u64,
    /// What it told of those.
    pub events: Vec<Dropped>,
    /// How many it could not tell of.
    pub lost: u64,
}

/// Sends every packet of a capture through a filter.
///
/// # Errors
/// The filter's tables or events cannot be read.
pub fn replay(filter: &dyn Filter, packets: &[Vec<u8>]) -> Result<Report, KernelError> {
    let verdicts = packets.iter().map(|packet| filter.ingress(packet)).collect();
    let mut events = Vec::new();
    let drops = filter.drops();
    while drops.each(1024, Duration::ZERO, |event| events.push(event))? > 0 {}
    let count = |which| filter.counters().get(&which).map(Option::unwrap_or_default);
    Ok(Report { verdicts, passed: count(PASSED)?, dropped: count(DROPPED)?, events, lost: drops.lost()? })
}
