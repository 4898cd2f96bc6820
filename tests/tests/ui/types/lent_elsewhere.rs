// A value that is lent is an argument of its own.
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use plugin_contracts::{PluginType, Text, plugin_contract};

#[derive(PluginType)]
pub struct Row {
    pub cells: Vec<String>,
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn all(&self, rows: Vec<&Row>);
    fn some(&self, rows: Option<&[String]>);
    fn both(&self, rows: (&Row, u64));
    fn deep(&self, rows: &HashMap<u64, &Row>);
    fn first(&self) -> &Row;
    fn maybe(&self) -> Option<&Row>;
    fn cells(&self) -> &[String];
    fn text(&self, text: &Text, path: &PathBuf, span: &Duration, flag: &bool);
    fn option(&self, row: &Option<Row>);
    fn boxed(&self, row: &Box<Row>);
    fn seen(&self, seen: &[&dyn Fn(u64)]);
}

fn main() {}
