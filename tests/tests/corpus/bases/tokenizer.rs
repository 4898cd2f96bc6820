//! A tokenizer: text in, tokens with places out.

use plugin_contracts::{PluginType, plugin_contract};

pub type Rank = u32;

#[derive(Debug, Clone, PluginType)]
pub enum Class {
    Word,
    Number,
    Mark(char),
    Space,
}

#[derive(Debug, Clone, PluginType)]
pub struct Token {
    pub text: String,
    pub rank: Rank,
    pub start: usize,
    pub end: usize,
    pub class: Class,
}

#[derive(Debug, Clone, PluginType)]
pub struct Options {
    pub lower: bool,
    pub longest: Option<usize>,
    pub stop: Vec<char>,
}

#[plugin_contract(id = "acme.text.tokenizer", version = "1.0.3")]
pub trait Tokenizer: Sync + Send {
    fn tokens(&self, text: &str, options: Options) -> Vec<Token>;
    fn ranks(&self, text: &str) -> Result<Vec<Rank>, String>;
    fn text(&self, ranks: &[Rank]) -> Option<String>;
    fn class(&self, of: char) -> Class;
    fn is_stop(&self, word: &str, language: &str) -> bool;
    fn r#type(&self) -> String;
    fn size(&self) -> usize {
        unimplemented!()
    }
}
