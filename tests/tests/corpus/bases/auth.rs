//! Who may do what: credentials in, sessions and decisions out.

use plugin_contracts::{PluginType, plugin_contract};

pub type UserId = u64;
pub type Outcome = Result<Session, AuthError>;

#[derive(PluginType)]
pub enum Credentials {
    Password { user: String, password: String },
    Key(Vec<u8>),
    Anonymous,
}

#[derive(PluginType)]
pub struct Session {
    pub user: UserId,
    pub roles: Vec<Role>,
    pub expires: i64,
}

#[derive(PluginType)]
pub struct Role(pub String);

#[derive(PluginType)]
pub enum Decision {
    Allow,
    Deny(String),
}

#[derive(PluginType)]
pub enum AuthError {
    Unknown,
    Locked { until: i64, tries: u8 },
    Backend(String),
}

#[plugin_contract(id = "acme.auth", version = "1.4.0")]
pub trait Auth: Send + Sync + 'static {
    fn login(&self, with: Credentials) -> Outcome;
    fn renew(&self, session: Session, seconds: u32) -> Outcome;
    fn logout(&self, user: UserId) -> bool;
    fn may(&self, user: UserId, action: &str, on: Option<String>) -> Decision;
    fn users(&self, from: UserId, limit: usize) -> Vec<UserId>;
    #[since("1.4.0")]
    fn audit(&self, user: UserId, action: &str) -> Option<String> {
        unimplemented!()
    }
}
