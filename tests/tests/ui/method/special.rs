use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    unsafe fn put(&self, key: u64);
    extern "C" fn count(&self) -> u64;
    const fn size(&self) -> u64;
    pub fn name(&self) -> String;
}

fn main() {}
