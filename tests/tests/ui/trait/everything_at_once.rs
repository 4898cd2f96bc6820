// The second mistake deserves to be seen too, and the third.
use plugin_contracts::plugin_contract;

#[plugin_contract(id = "Acme", version = "1.0.0")]
pub trait Store: Clone {
    const LIMIT: u64;
    fn open(path: &str) -> u64;
    fn put<T>(&self, value: T);
    async fn get(&self, key: u64) -> u64;
    fn each(&self, seen: &dyn FnMut(u64) -> bool);
    fn name(&self) -> &'static str;
    fn swap(&mut self, value: &mut str);
    #[since("2.0.0")]
    fn count(&self) -> u64 {
        0
    }
}

fn main() {}
