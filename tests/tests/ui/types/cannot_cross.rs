use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn of_one(&self, only: (u64,));
    fn of_many(&self, row: (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8));
    fn empty(&self, key: [u8; 0]);
    fn length(&self, key: [u8; LENGTH]);
    fn bytes(&self, bytes: Box<[u8]>);
    fn hashed(&self, map: HashMap<u64, String, Fast>, set: std::collections::HashSet<u64, Fast>);
    fn hidden(&self, key: impl Into<String>);
    fn callback(&self, seen: fn(u64) -> bool);
    fn pointer(&self, key: *const u8);
    fn never(&self) -> !;
    fn own(&self, other: Self::Key);
    fn lifetime(&self, text: Cow<'static, str>);
    fn deep(&self) -> Result<Vec<(u64, [*const u8; 2])>, String>;
}

fn main() {}
