use plugin_contracts::export_plugin;

export_plugin!();

mod without_constructor {
    plugin_contracts::export_plugin!(dyn Store =>);
}

mod without_contract {
    plugin_contracts::export_plugin!(Memory::new);
}

mod without_dyn {
    plugin_contracts::export_plugin!(Store => Memory::new);
}

fn main() {}
