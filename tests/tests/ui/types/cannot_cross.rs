use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn tuple(&self, pair: (u64, String));
    fn array(&self, key: [u8; 32]);
    fn hidden(&self, key: impl Into<String>);
    fn object(&self, seen: Box<dyn Fn(u64)>);
    fn callback(&self, seen: fn(u64) -> bool);
    fn pointer(&self, key: *const u8);
    fn never(&self) -> !;
    fn own(&self, other: Self::Key);
    fn lifetime(&self, text: Cow<'static, str>);
    fn deep(&self) -> Result<Vec<(u64, u64)>, String>;
}

fn main() {}
