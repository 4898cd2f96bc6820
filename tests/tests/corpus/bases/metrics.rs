//! A sink of measurements, and what draws them: two contracts over the same types.

use plugin_contracts::{PluginType, plugin_contract};

pub type Millis = u64;
pub type Labels = Vec<Label>;

#[derive(Debug, Clone, PluginType)]
pub struct Label {
    pub key: String,
    pub value: Option<String>,
}

#[derive(Debug, Clone, PluginType)]
pub enum Value {
    Counter(u64),
    Gauge(f64),
    Histogram { bounds: Vec<f64>, counts: Vec<u64> },
}

#[derive(Debug, Clone, PluginType)]
pub struct Point {
    pub name: String,
    pub labels: Labels,
    pub value: Value,
    pub at: Millis,
}

#[derive(Debug, Clone, PluginType)]
pub enum Period {
    Minute,
    Hour,
}

#[plugin_contract(id = "acme.metrics.sink", version = "3.0.0")]
pub trait Sink: Sync {
    fn record(&self, name: &str, value: f64, at: Millis);
    fn record_all(&self, points: Vec<Point>) -> Result<u32, String>;
    fn histogram(&self, name: &str, bounds: &[f64], counts: &[u64]);
    fn flush(&self, wait: Option<Millis>) -> bool {
        unimplemented!()
    }
}

#[plugin_contract(id = "acme.metrics.chart", version = "1.2.0")]
pub trait Chart {
    fn draw(&mut self, points: Vec<Point>, width: u16, height: u16) -> Vec<u8>;
    fn title(&self, label: Label) -> String;
    #[since("1.2.0")]
    fn period(&mut self, period: Period) {
        unimplemented!()
    }
}
