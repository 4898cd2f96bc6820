//! The contract: the one thing that plugins and hosts agree on.

use plugin_contracts::{PluginFault, PluginType, plugin_contract};

/// Why there is no greeting.
#[derive(Debug, PartialEq, PluginType)]
pub enum GreetError {
    /// Nobody has an empty name.
    NoName,
    /// The plugin panicked; its host goes on.
    Fault(String),
}

impl From<PluginFault> for GreetError {
    fn from(fault: PluginFault) -> Self {
        Self::Fault(fault.to_string())
    }
}

/// Greets people.
#[plugin_contract(id = "example.@name@", version = "1.0.0")]
pub trait Greeter: Send + Sync {
    /// A greeting for `name`.
    fn greet(&self, name: &str) -> Result<String, GreetError>;
}
