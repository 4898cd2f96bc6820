//! The plugin in Rust.

use std::convert::Infallible;

use calculator_contract::Calculator;
use plugin_contracts::{PluginContext, export_plugin};

struct Rust;

impl Calculator for Rust {
    fn add(&self, a: i32, b: i32) -> i32 {
        a.wrapping_add(b)
    }
}

fn open(_: &PluginContext) -> Result<Rust, Infallible> {
    Ok(Rust)
}

export_plugin!(dyn Calculator => open);
