//! Messages by topic: a broker to publish to, and a subscriber to be told.

use plugin_contracts::{PluginType, plugin_contract};

pub type Topic = String;
pub type Sequence = u64;

#[derive(Debug, Clone, PluginType)]
pub struct Message {
    pub topic: Topic,
    pub sequence: Sequence,
    pub payload: Payload,
    pub keep: bool,
}

#[derive(Debug, Clone, PluginType)]
pub enum Payload {
    Text(String),
    Binary(Vec<u8>),
    Number(f64),
    Nothing,
}

#[derive(Debug, Clone, PluginType)]
#[repr(u8)]
pub enum Quality {
    AtMostOnce,
    AtLeastOnce,
    Exactly,
}

#[derive(Debug, Clone, PluginType)]
pub enum BrokerError {
    Closed,
    Full(Sequence),
    Refused { topic: Topic, why: Option<String> },
}

#[plugin_contract(id = "acme.broker", version = "1.9.0")]
pub trait Broker: Send + Sync {
    fn publish(&self, topic: &str, payload: Payload, quality: Quality) -> Result<Sequence, BrokerError>;
    fn subscribe(&self, topics: Vec<Topic>, from: Option<Sequence>) -> Result<u32, BrokerError>;
    fn poll(&self, subscription: u32, most: u16) -> Vec<Message>;
    fn acknowledge(&self, subscription: u32, sequence: Sequence) -> bool;
    fn unsubscribe(&self, subscription: u32);
    #[since("1.5.0")]
    fn retained(&self, topic: &str) -> Option<Message> {
        unimplemented!()
    }
}

#[plugin_contract(id = "acme.subscriber", version = "1.0.0")]
pub trait Subscriber: Send {
    fn message(&mut self, message: Message) -> bool;
    fn closed(&mut self, error: BrokerError, again: u8);
}
