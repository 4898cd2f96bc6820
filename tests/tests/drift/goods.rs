//! A third contract: with the types of std that are made of others, or that no prelude brings.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use plugin_contracts::{PluginType, plugin_contract};

pub const LENGTH: usize = 16;
pub type Key = [u8; LENGTH];

#[derive(PluginType)]
pub struct Good {
    pub next: Option<Box<Good>>,
    pub kept: Duration,
    pub price: (u32, [u16; 2]),
}

#[plugin_contract(id = "acme.goods", version = "1.0.0")]
pub trait Goods: Send + Sync {
    fn key(&self, key: Key) -> [u8; 4];
    fn pair(&self, pair: (&str, Key)) -> (u8, Good);
    fn stock(&self, since: Duration, map: HashMap<Key, Good>) -> BTreeMap<String, std::time::Duration>;
}
