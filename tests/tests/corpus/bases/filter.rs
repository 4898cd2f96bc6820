//! A filter before a web server, as proxies have them: a request in, a verdict out.

use plugin_contracts::{PluginType, plugin_contract};

pub type Status = u16;

#[derive(Debug, Clone, PluginType)]
pub struct Header {
    pub name: String,
    pub value: Vec<u8>,
}

#[derive(Debug, Clone, PluginType)]
pub enum Verb {
    Get,
    Post,
    Other(String),
}

#[derive(Debug, Clone, PluginType)]
pub struct Request {
    pub verb: Verb,
    pub path: String,
    pub headers: Vec<Header>,
    pub body: Option<Vec<u8>>,
    pub secure: bool,
}

#[derive(Debug, Clone, PluginType)]
pub struct Response {
    pub status: Status,
    pub headers: Vec<Header>,
    pub body: Vec<u8>,
}

#[derive(Debug, Clone, PluginType)]
pub enum Verdict {
    Pass,
    Rewrite(Request),
    Answer { response: Response, close: bool },
}

#[plugin_contract(id = "acme.http.filter", version = "1.0.0")]
pub trait Filter: Send + Sync {
    fn request(&self, request: Request, peer: &str, port: u16) -> Verdict;
    fn response(&self, response: Response) -> Response;
    fn chunk(&self, stream: u64, bytes: &[u8], last: bool) -> Result<Vec<u8>, String>;
    fn refuses(&self, status: Status) -> bool;
    fn configure(&mut self, key: &str, value: &str) -> Result<(), String>;
    fn order(&self) -> i16 {
        unimplemented!()
    }
}
