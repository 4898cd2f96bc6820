//! The contract `example.calculator`: what hosts and plugins agree on, in whatever language they are written.

use plugin_contracts::plugin_contract;

/// Calculates.
#[plugin_contract(id = "example.calculator", version = "1.0.0")]
pub trait Calculator: Send + Sync {
    /// The sum of two numbers; past the largest it goes on from the smallest.
    fn add(&self, a: i32, b: i32) -> i32;
}
