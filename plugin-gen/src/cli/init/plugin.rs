//! A plugin: the plain implementation of the contract's trait, and one line that exports it.

use @ident@_contract::{GreetError, Greeter};
use plugin_contracts::{PluginContext, export_plugin};

struct Polite(String);

impl Greeter for Polite {
    fn greet(&self, name: &str) -> Result<String, GreetError> {
        if name.is_empty() { Err(GreetError::NoName) } else { Ok(format!("{}, {name}!", self.0)) }
    }
}

fn polite(context: &PluginContext) -> Result<Polite, String> {
    Ok(Polite(context.config("salute").unwrap_or("Good day").to_owned()))
}

export_plugin!(dyn Greeter => polite);
