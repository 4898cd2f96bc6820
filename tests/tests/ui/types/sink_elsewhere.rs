use plugin_contracts::{PluginType, Sink, plugin_contract};

#[derive(PluginType)]
pub struct Kept {
    sink: Sink<'static>,
}

pub type Out = Sink<'static>;

#[plugin_contract(id = "acme.store", version = "1.0.0")]
pub trait Store {
    fn maybe(&self, out: Option<Sink<'_>>);

    fn named(&self, out: Sink<'static>);

    fn lent(&self, out: &mut Sink<'_>);

    fn returned(&self) -> Sink<'_>;
}

#[plugin_contract(id = "acme.alias", version = "1.0.0")]
pub trait Alias {
    fn hidden(&self, out: Out);
}

#[plugin_contract(id = "acme.without", version = "1.0.0")]
pub trait Without {
    fn hidden(&self, out: Sink);
}

fn main() {}
