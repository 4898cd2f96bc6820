use std::future::Future;
use std::pin::Pin;

use plugin_contracts::{BoxStream, PluginType, plugin_contract};

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn keys(&self) -> Box<dyn Iterator<Item = u64>>;
    fn owned(&self) -> Box<dyn Iterator<Item = u64> + 'static>;
    fn add(&self, keys: Box<dyn Iterator<Item = u64> + '_>);
    fn lent(&self, keys: &mut dyn Iterator<Item = u64>);
    fn borrowed(&self) -> Box<dyn Iterator<Item = &str> + '_>;
    fn counted(&self) -> std::rc::Rc<dyn Iterator<Item = u64> + '_>;
    fn later(&self) -> Pin<Box<dyn Future<Output = u64>>>;
    fn stream(&self) -> BoxStream<'static, u64>;
    fn drain(&self, stream: BoxStream<'_, u64>);
}

#[derive(PluginType)]
pub struct Page {
    pub rows: Box<dyn Iterator<Item = u64>>,
}

fn main() {}
