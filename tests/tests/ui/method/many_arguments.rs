use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.mailer", version = "1.0.0", mock)]
pub trait Mailer {
    fn twelve(&self, a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8, j: u8, k: u8, l: u8);
    fn more(&self, a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8, j: u8, k: u8, l: u8, m: u8);
}

#[plugin_contract(id = "acme.other", version = "1.0.0")]
pub trait Other {
    fn unmocked(&self, a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8, j: u8, k: u8, l: u8, m: u8);
}

fn main() {}
