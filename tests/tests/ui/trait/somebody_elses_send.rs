//! `Send` is the one of the language, whatever else is called so.

use plugin_contracts::plugin_contract;

mod mine {
    pub trait Send {}
    impl<T: ?Sized> Send for T {}
}
use mine::Send;

#[plugin_contract(id = "test.sent", version = "1.0.0", unlocked)]
pub trait Sent: Send {
    fn ask(&self) -> u64;
}

fn main() {}
