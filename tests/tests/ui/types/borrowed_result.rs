use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn name(&self) -> &str;
    fn get(&self, key: u64) -> Option<&[u8]>;
    fn forever(&self) -> &'static str;
    fn buffer(&mut self) -> &mut [u8];
    fn other(&self) -> &dyn Store;
    fn names(&self) -> &[String];
}

fn main() {}
