//! Hosts of `test.grow` that grew as nobody may, one way each; and one that kept every name it ever had.

#![allow(missing_docs, reason = "the difference is in each module's name")]

/// A field more that nothing stands for.
pub mod demanding {
    use plugin_contracts::{PluginType, plugin_contract};

    #[derive(Debug, PluginType)]
    #[plugin(sized)]
    pub struct Limits {
        pub owner: String,
        pub most: u32,
        pub least: u128,
    }

    #[plugin_contract(id = "test.grow", version = "2.0.0", unlocked)]
    pub trait Grow: Send + Sync {
        fn limits(&self) -> Option<Limits>;
    }
}

/// A field more, in between.
pub mod between {
    use plugin_contracts::{PluginType, plugin_contract};

    #[derive(Debug, PluginType)]
    #[plugin(sized)]
    pub struct Limits {
        pub owner: String,
        #[plugin(default)]
        pub least: u32,
        #[plugin(default)]
        pub most: u32,
    }

    #[plugin_contract(id = "test.grow", version = "2.0.0", unlocked)]
    pub trait Grow: Send + Sync {
        fn limits(&self) -> Option<Limits>;
    }
}

/// Another variant took the number of one.
pub mod renumbered {
    use plugin_contracts::{PluginType, plugin_contract};

    #[derive(Debug, PluginType)]
    #[plugin(open)]
    pub enum Event {
        Joined(String),
        Unknown(u32),
    }

    #[plugin_contract(id = "test.grow", version = "2.0.0", unlocked)]
    pub trait Grow: Send + Sync {
        fn event(&self, number: u32) -> Event;
    }
}

/// A variant has a field more.
pub mod fuller {
    use plugin_contracts::{PluginType, plugin_contract};

    #[derive(Debug, PluginType)]
    #[plugin(open)]
    pub enum Event {
        Started,
        Joined(String, u32),
        Unknown(u32),
    }

    #[plugin_contract(id = "test.grow", version = "2.0.0", unlocked)]
    pub trait Grow: Send + Sync {
        fn event(&self, number: u32) -> Event;
    }
}

/// An enum is open no more.
pub mod closed {
    use plugin_contracts::{PluginType, plugin_contract};

    #[derive(Debug, PluginType)]
    pub enum Event {
        Started,
        Joined(String),
    }

    #[plugin_contract(id = "test.grow", version = "2.0.0", unlocked)]
    pub trait Grow: Send + Sync {
        fn event(&self, number: u32) -> Event;
    }
}

/// A closed enum has another number for a variant.
pub mod shifted {
    use plugin_contracts::{PluginType, plugin_contract};

    #[derive(Debug, PluginType)]
    #[repr(u8)]
    pub enum Outcome {
        Good = 0,
        Bad { why: String } = 2,
    }

    #[plugin_contract(id = "test.grow", version = "2.0.0", unlocked)]
    pub trait Grow: Send + Sync {
        fn outcome(&self, good: bool) -> Outcome;
    }
}

/// A method was renamed, and takes something else.
pub mod renamed {
    use plugin_contracts::plugin_contract;

    pub type Key = u64;

    #[plugin_contract(id = "test.grow", version = "2.0.0", unlocked)]
    pub trait Grow: Send + Sync {
        #[renamed_from("fetch")]
        fn look(&self, key: Key) -> String {
            key.to_string()
        }
    }
}

/// A method was renamed, and its words mean something else.
pub mod meant {
    use plugin_contracts::plugin_contract;

    pub type Limits = u32;

    #[plugin_contract(id = "test.grow", version = "2.0.0", unlocked)]
    pub trait Grow: Send + Sync {
        #[renamed_from("limits")]
        fn bounds(&self) -> Option<Limits>;
    }
}

/// A field stands where another did, and is not in the plugin's place for it.
pub mod misplaced {
    use plugin_contracts::{PluginType, plugin_contract};

    #[derive(Debug, PluginType)]
    #[plugin(sized)]
    pub struct Limits {
        pub owner: String,
        pub least: u32,
    }

    #[plugin_contract(id = "test.grow", version = "2.0.0", unlocked)]
    pub trait Grow: Send + Sync {
        fn limits(&self) -> Option<Limits>;
    }
}

/// A method was renamed twice.
pub mod thrice {
    use plugin_contracts::plugin_contract;

    #[plugin_contract(id = "test.grow", version = "2.0.0", unlocked)]
    pub trait Grow: Send + Sync {
        #[renamed_from("fetch")]
        #[renamed_from("word")]
        fn look_up(&self, key: &str) -> String {
            format!("{key} by the host's default")
        }
    }
}

/// A type under a name that only crosses.
pub mod named {
    use plugin_contracts::{PluginType, plugin_contract};

    #[derive(Debug, PartialEq, PluginType)]
    #[plugin(sized, name = "Limits")]
    pub struct Bounds {
        pub owner: String,
        pub most: u32,
    }

    #[plugin_contract(id = "test.grow", version = "1.0.0", unlocked)]
    pub trait Grow: Send + Sync {
        fn limits(&self) -> Option<Bounds>;
    }
}
