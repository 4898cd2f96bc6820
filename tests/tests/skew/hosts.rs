//! Hosts that came later, or that took another road: the contract of contract-v1 with one thing changed each.

#![allow(missing_docs, reason = "the difference is in each module's name")]

/// The fields changed places.
pub mod moved {
    use plugin_contracts::{PluginType, plugin_contract};

    use super::super::v1::SkewError;

    #[derive(Debug, PluginType)]
    pub struct Item {
        pub weight: u32,
        pub name: String,
    }

    #[plugin_contract(id = "test.skew", version = "2.0.0", unlocked)]
    pub trait Skew: Send + Sync {
        fn find(&self, name: &str) -> Result<Item, SkewError>;
        fn weigh(&self, item: Item, times: u32) -> u64;
    }
}

/// A field is wider.
pub mod retyped {
    use plugin_contracts::{PluginType, plugin_contract};

    use super::super::v1::SkewError;

    #[derive(Debug, PluginType)]
    pub struct Item {
        pub name: String,
        pub weight: u64,
    }

    #[plugin_contract(id = "test.skew", version = "2.0.0", unlocked)]
    pub trait Skew: Send + Sync {
        fn find(&self, name: &str) -> Result<Item, SkewError>;
        fn weigh(&self, item: Item, times: u32) -> u64;
    }
}

/// There is a field more.
pub mod longer {
    use plugin_contracts::{PluginType, plugin_contract};

    use super::super::v1::SkewError;

    #[derive(Debug, PluginType)]
    pub struct Item {
        pub name: String,
        pub weight: u32,
        pub height: u32,
    }

    #[plugin_contract(id = "test.skew", version = "2.0.0", unlocked)]
    pub trait Skew: Send + Sync {
        fn find(&self, name: &str) -> Result<Item, SkewError>;
        fn weigh(&self, item: Item, times: u32) -> u64;
    }
}

/// There is a variant more, at the end.
pub mod varied {
    use plugin_contracts::{PluginType, plugin_contract};

    use super::super::v1::Item;

    #[derive(Debug, PluginType)]
    pub enum SkewError {
        Gone,
        Full { limit: u64 },
        Late,
    }

    #[plugin_contract(id = "test.skew", version = "2.0.0", unlocked)]
    pub trait Skew: Send + Sync {
        fn find(&self, name: &str) -> Result<Item, SkewError>;
        fn weigh(&self, item: Item, times: u32) -> u64;
    }
}

/// The variants changed places.
pub mod renumbered {
    use plugin_contracts::{PluginType, plugin_contract};

    use super::super::v1::Item;

    #[derive(Debug, PluginType)]
    pub enum SkewError {
        Full { limit: u64 },
        Gone,
    }

    #[plugin_contract(id = "test.skew", version = "2.0.0", unlocked)]
    pub trait Skew: Send + Sync {
        fn find(&self, name: &str) -> Result<Item, SkewError>;
        fn weigh(&self, item: Item, times: u32) -> u64;
    }
}

/// A method takes its object for itself.
pub mod exclusive {
    use plugin_contracts::plugin_contract;

    use super::super::v1::{Item, SkewError};

    #[plugin_contract(id = "test.skew", version = "2.0.0", unlocked)]
    pub trait Skew: Send + Sync {
        fn find(&self, name: &str) -> Result<Item, SkewError>;
        fn weigh(&mut self, item: Item, times: u32) -> u64;
    }
}

/// A method returns less.
pub mod returns {
    use plugin_contracts::plugin_contract;

    use super::super::v1::{Item, SkewError};

    #[plugin_contract(id = "test.skew", version = "2.0.0", unlocked)]
    pub trait Skew: Send + Sync {
        fn find(&self, name: &str) -> Result<Item, SkewError>;
        fn weigh(&self, item: Item, times: u32) -> u32;
    }
}

/// A method takes an argument less.
pub mod shorter {
    use plugin_contracts::plugin_contract;

    use super::super::v1::{Item, SkewError};

    #[plugin_contract(id = "test.skew", version = "2.0.0", unlocked)]
    pub trait Skew: Send + Sync {
        fn find(&self, name: &str) -> Result<Item, SkewError>;
        fn weigh(&self, item: Item) -> u64;
    }
}

/// The words are the same, and mean something else.
pub mod aliased {
    use plugin_contracts::plugin_contract;

    pub type Item = u32;

    #[plugin_contract(id = "test.skew", version = "2.0.0", unlocked)]
    pub trait Skew: Send + Sync {
        fn weigh(&self, item: Item, times: u32) -> u64;
    }
}

/// The object need not be `Sync`.
pub mod unsynced {
    use plugin_contracts::plugin_contract;

    use super::super::v1::{Item, SkewError};

    #[plugin_contract(id = "test.skew", version = "2.0.0", unlocked)]
    pub trait Skew: Send {
        fn find(&self, name: &str) -> Result<Item, SkewError>;
        fn weigh(&self, item: Item, times: u32) -> u64;
    }
}

/// A method became optional, and takes something else.
pub mod defaulted {
    use plugin_contracts::plugin_contract;

    use super::super::v1::{Item, SkewError};

    #[plugin_contract(id = "test.skew", version = "2.0.0", unlocked)]
    pub trait Skew: Send + Sync {
        fn find(&self, name: &str) -> Result<Item, SkewError>;
        fn weigh(&self, grams: u32) -> u64 {
            u64::from(grams)
        }
    }
}

/// From before the plugin.
pub mod old {
    use plugin_contracts::plugin_contract;

    use super::super::v1::Item;

    #[plugin_contract(id = "test.skew", version = "0.9.0", unlocked)]
    pub trait Skew: Send + Sync {
        fn weigh(&self, item: Item) -> u64;
    }
}

/// Changed without a new version.
pub mod same_version {
    use plugin_contracts::plugin_contract;

    use super::super::v1::Item;

    #[plugin_contract(id = "test.skew", version = "1.0.0", unlocked)]
    pub trait Skew: Send + Sync {
        fn weigh(&self, item: Item) -> u64;
    }
}
