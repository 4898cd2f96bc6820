use plugin_contracts::plugin_contract;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn fill(&self, buffer: &mut [String]);
    fn grow(&self, buffer: &mut str);
    fn hold(&self, texts: &mut Vec<&str>);
    fn all(&self, items: Vec<&mut String>);
    fn open(&self, open: &mut Box<dyn Other>);
    fn text(&self, text: &String);
    fn list(&self, items: &Vec<u16>);
    fn number(&self, number: &u64);
    fn long(&self, text: &'static str);
}

fn main() {}
