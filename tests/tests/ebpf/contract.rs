//! A contract with everything that a kernel program can hold.

use plugin_contracts::kernel::{Events, Table};
use plugin_contracts::{PluginType, plugin_contract};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Inner {
    pub first: u16,
    pub second: u16,
    pub bytes: [u8; 4],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Wide {
    pub word: u64,
    pub signed: i64,
    pub half: i32,
    pub small: u16,
    pub tiny: i8,
    pub _reserved: u8,
    pub inner: Inner,
    pub grid: [[u8; 4]; 2],
    pub inners: [Inner; 2],
}

impl Wide {
    pub const ZERO: Self = {
        let inner = Inner { first: 0, second: 0, bytes: [0; 4] };
        Self {
            word: 0,
            signed: 0,
            half: 0,
            small: 0,
            tiny: 0,
            _reserved: 0,
            inner,
            grid: [[0; 4]; 2],
            inners: [inner; 2],
        }
    };
}

#[plugin_contract(id = "test.probe", version = "1.0.0", unlocked, mock)]
pub trait Probe: Send + Sync {
    /// Sums up what it is given.
    fn ask(&self, small: u16, wide: Wide, factor: u64) -> Inner;
    /// Counts how often it is called.
    fn tick(&mut self);
    /// Sends so many events: 0, 1, 2 and so on, each in `word`.
    fn tell(&self, from: u64, count: u32);
    /// Fails when it is told to.
    fn fail(&self, how: i32) -> u8;
    /// What older objects lack.
    #[since("1.0.0")]
    fn later(&self, number: u32) -> u32 {
        number + 1
    }
    /// Lets pass what is not longer than 100 bytes. What begins with a 1 is told: the number behind the Ethernet head, in `word`.
    #[hook(xdp)]
    fn ingress(&self, packet: &[u8]) -> u32;
    #[hook(tcx_ingress)]
    fn classify(&self, packet: &[u8]) -> i32;
    #[hook(cgroup_connect4)]
    fn connect(&self) -> i32;
    #[event(ring, capacity = 4096)]
    fn seen(&self) -> Events<Wide>;
    #[event(perf, capacity = 4096)]
    fn seen_perf(&self) -> Events<Wide>;
    #[config]
    fn wide(&self) -> Wide;
    #[config]
    fn number(&self) -> u32;
    #[table(capacity = 4)]
    fn table(&self) -> Table<Inner, Wide>;
    #[table(lru, capacity = 8)]
    fn recent(&self) -> Table<[u8; 8], i64>;
    #[table(policy, capacity = 64)]
    fn policy(&self) -> Table<u32, u64>;
    /// How many entries of the policy are as `generation` says: what a program sees of it in one look.
    fn agree(&self, generation: u64) -> u32;
    #[state(array, capacity = 4)]
    fn state(&self) -> Table<u32, u64>;
}
