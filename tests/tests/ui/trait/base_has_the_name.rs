use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.base", version = "1.0.0", unlocked)]
pub trait Base {
    fn name(&self) -> String;
    #[renamed_from("shut")]
    fn close(&mut self);
}

#[plugin_contract(id = "acme.middle", version = "1.0.0", unlocked)]
pub trait Middle: Base {
    fn size(&self) -> u64;
}

#[plugin_contract(id = "acme.store", version = "1.0.0", unlocked)]
pub trait Store: Middle {
    fn name(&self) -> u64;
    fn shut(&self);
    #[renamed_from("size")]
    fn len(&self) -> u64;
}

#[plugin_contract(id = "acme.other", version = "1.0.0", unlocked)]
pub trait Other {
    fn size(&self) -> u64;
}

#[plugin_contract(id = "acme.both", version = "1.0.0", unlocked)]
pub trait Both: Middle + Other {
    fn get(&self) -> u64;
}

#[plugin_contract(id = "acme.base", version = "2.0.0", unlocked)]
pub trait Itself: Middle {
    fn get(&self) -> u64;
}

#[plugin_contract(id = "acme.base", version = "2.0.0", unlocked)]
pub trait Namesake {
    fn label(&self) -> String;
}

#[plugin_contract(id = "acme.namesake", version = "1.0.0", unlocked)]
pub trait Above: Namesake {
    fn look(&self);
}

#[plugin_contract(id = "acme.two", version = "1.0.0", unlocked)]
pub trait Two: Middle + Above {
    fn get(&self) -> u64;
}

fn main() {}
