//! The packet filter in Rust: what the kernel program does, for hosts that have none.

use std::convert::Infallible;
use std::sync::Mutex;

use filter_contract::{DROP, DROPPED, Dropped, Filter, Flow, Limits, PASS, PASSED, Port, Verdict, reason};
use plugin_contracts::PluginContext;
use plugin_contracts::kernel::{EventSink, Events, Table};

/// How many events wait for whoever reads them.
const WAITING: usize = 4096;

const ETHERNET: usize = 14;
const TCP: u8 = 6;
const UDP: u8 = 17;

/// A filter of this process.
pub struct Native {
    limits: Limits,
    sink: EventSink<Dropped>,
    drops: Events<Dropped>,
    rules: Table<Port, u32>,
    counters: Table<u32, u64>,
    counting: Mutex<()>,
}

impl Native {
    /// A filter without rules.
    #[must_use]
    pub fn with(limits: Limits) -> Self {
        let (sink, drops) = Events::channel(WAITING);
        let (rules, counters) = (Table::new(1024), Table::new(2));
        Self { limits, sink, drops, rules, counters, counting: Mutex::new(()) }
    }

    /// The plugin, with the limits that its host set, or none.
    ///
    /// # Errors
    /// Never.
    pub fn new(context: &PluginContext) -> Result<Self, Infallible> {
        let none = Limits { max_len: 0, generation: 0 };
        Ok(Self::with(context.constants("limits").unwrap_or(none)))
    }

    fn count(&self, which: u32) {
        // A table changes one entry in one step, and counting is two.
        let _counting = self.counting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let before = self.counters.get(&which).ok().flatten().unwrap_or(0);
        let _ = self.counters.insert(&which, &(before + 1));
    }
}

/// The flow of an Ethernet frame with IPv4 and TCP or UDP in it.
fn flow(packet: &[u8]) -> Option<Flow> {
    if packet.get(12..ETHERNET)? != [0x08, 0x00] {
        return None;
    }
    let ip = packet.get(ETHERNET..)?;
    // No options: the kernel's side does not look for ports behind them either.
    if *ip.first()? != 0x45 || ip.len() < 20 {
        return None;
    }
    let (protocol, transport) = (ip[9], ip.get(20..)?);
    // A fragment that is not the first has no ports, and what stands there are data.
    let fragment = u16::from_be_bytes([ip[6], ip[7]]) & 0x1fff;
    if !matches!(protocol, TCP | UDP) || fragment != 0 {
        return None;
    }
    let ports = transport.get(..4)?;
    Some(Flow {
        source: ip[12..16].try_into().ok()?,
        destination: ip[16..20].try_into().ok()?,
        source_port: u16::from_be_bytes([ports[0], ports[1]]),
        destination_port: u16::from_be_bytes([ports[2], ports[3]]),
        protocol,
        _reserved: [0; 3],
    })
}

impl Filter for Native {
    fn ingress(&self, packet: &[u8]) -> u32 {
        let Some(flow) = flow(packet) else {
            self.count(PASSED);
            return PASS;
        };
        let len = u32::try_from(packet.len()).unwrap_or(u32::MAX);
        let verdict = self.verdict(flow, len);
        if verdict.action == DROP {
            self.count(DROPPED);
            self.sink.send(&Dropped { flow, len, reason: verdict.reason });
        } else {
            self.count(PASSED);
        }
        verdict.action
    }

    fn verdict(&self, flow: Flow, len: u32) -> Verdict {
        let port = Port { number: flow.destination_port, protocol: flow.protocol.into() };
        if self.limits.max_len != 0 && len > self.limits.max_len {
            Verdict { action: DROP, reason: reason::TOO_LONG }
        } else if self.rules.get(&port) == Ok(Some(DROP)) {
            Verdict { action: DROP, reason: reason::RULE }
        } else {
            Verdict { action: PASS, reason: 0 }
        }
    }

    fn drops(&self) -> Events<Dropped> {
        self.drops.clone()
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn rules(&self) -> Table<Port, u32> {
        self.rules.clone()
    }

    fn counters(&self) -> Table<u32, u64> {
        self.counters.clone()
    }
}

plugin_contracts::export_plugin!(dyn Filter => Native::new);
