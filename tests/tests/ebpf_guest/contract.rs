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
