//! A clock with timers; nothing but numbers, and not for threads.

use plugin_contracts::{PluginType, plugin_contract};

pub type Ticks = i64;

#[derive(PluginType)]
pub struct Span {
    pub from: Ticks,
    pub to: Ticks,
}

#[derive(PluginType)]
pub struct Unit;

#[derive(PluginType)]
#[repr(u16)]
pub enum Fired {
    Never = 0,
    Once = 10,
    Often(u32) = 20,
}

#[plugin_contract(id = "acme.timer", version = "0.1.0")]
pub trait Timer {
    fn now(&self) -> Ticks;
    fn resolution(&self) -> f64;
    fn start(&mut self, after: Ticks, every: Option<Ticks>) -> u32;
    fn stop(&mut self, timer: u32) -> bool;
    fn fired(&self, timer: u32, within: Span) -> Fired;
    fn unit(&self, unit: Unit) -> char;
    fn drift(&self, against: &[Ticks]) -> Vec<i32>;
    fn sleep(&mut self, ticks: Ticks) {
        unimplemented!()
    }
}
