//! A plugin: a plain implementation of the contract's trait, and one line that exports it.

use plugin_contracts::{PluginContext, export_plugin};
use @ident@_contract::{GreetError, Greeter};

struct Polite {
    salute: String,
}

impl Polite {
    fn new(context: &PluginContext) -> Result<Self, String> {
        Ok(Self { salute: context.config("salute").unwrap_or("Good day").to_owned() })
    }
}

impl Greeter for Polite {
    fn greet(&self, name: &str) -> Result<String, GreetError> {
        if name.is_empty() { Err(GreetError::NoName) } else { Ok(format!("{}, {name}!", self.salute)) }
    }
}

export_plugin!(dyn Greeter => Polite::new);
