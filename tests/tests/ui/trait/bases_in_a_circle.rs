use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.one", version = "1.0.0", unlocked)]
pub trait One: Two {
    fn one(&self);
}

#[plugin_contract(id = "acme.two", version = "1.0.0", unlocked)]
pub trait Two: One {
    fn two(&self);
}

fn main() {}
