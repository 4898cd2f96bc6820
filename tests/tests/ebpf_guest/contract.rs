//! A contract with places in the kernel that not every kernel gives away.

use plugin_contracts::kernel::Table;
use plugin_contracts::{PluginType, plugin_contract};

/// Where the kernel has something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Placed {
    /// The number of the process.
    pub tgid: u32,
    /// Where it stands in the kernel's struct, in bytes.
    pub offset: u32,
}

/// Finds its way.
#[plugin_contract(id = "test.finder", version = "1.0.0", unlocked)]
pub trait Finder: Send + Sync {
    /// What the kernel knows of this thread, by its own layout.
    fn find(&self) -> Placed;
    /// Makes it a contract of the kernel's.
    #[config]
    fn unused(&self) -> u32;
}

/// Watches files.
#[plugin_contract(id = "test.watch", version = "1.0.0", unlocked)]
pub trait Watch: Send + Sync {
    /// Lets no thread of the process `refused` open a file.
    #[hook(lsm(file_open))]
    fn may_open(&self) -> i32;
    /// Counts what is deleted.
    #[hook(fentry(vfs_unlink))]
    fn on_unlink(&self) -> i32;
    /// Who may not open files; 0 for nobody.
    #[config]
    fn refused(&self) -> u32;
    /// How often somebody asked.
    #[table(array, capacity = 1)]
    fn opened(&self) -> Table<u32, u64>;
    /// How often something was deleted.
    #[table(array, capacity = 1)]
    fn unlinked(&self) -> Table<u32, u64>;
}

/// Lets packets pass, or not.
#[plugin_contract(id = "test.gate", version = "1.0.0", unlocked)]
pub trait Gate: Send + Sync {
    /// Looks at a packet.
    #[hook(xdp)]
    fn gate(&self, packet: &[u8]) -> u32;
    /// Lets all pass.
    #[hook(xdp)]
    fn open(&self, packet: &[u8]) -> u32;
}

/// Says instead of the gate which packets pass.
#[plugin_contract(id = "test.judge", version = "1.0.0", unlocked)]
pub trait Judge: Send + Sync {
    /// Decides by a packet's length.
    #[hook(freplace(decide))]
    fn decide(&self) -> i32;
    /// What it says.
    #[config]
    fn answer(&self) -> u32;
    /// How often it was asked.
    #[table(array, capacity = 1)]
    fn asked(&self) -> Table<u32, u64>;
}

/// Hooks that Linux 6.1 does not have.
#[plugin_contract(id = "test.newer", version = "1.0.0", unlocked)]
pub trait Newer: Send + Sync {
    /// Looks at a packet.
    #[hook(tcx_ingress)]
    fn classify(&self, packet: &[u8]) -> i32;
}
