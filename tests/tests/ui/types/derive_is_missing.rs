use plugin_contracts::plugin_contract;

pub struct Row {
    pub cells: Vec<String>,
}

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn put(&self, row: Row);
}

fn main() {}
