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

mod another_allocator {
    plugin_contracts::export_plugin!(allocator = system, dyn Store => Memory::new);
}

mod another_word {
    plugin_contracts::export_plugin!(allocators = host, dyn Store => Memory::new);
}

mod without_comma {
    plugin_contracts::export_plugin!(allocator = host dyn Store => Memory::new);
}

mod allocator_alone {
    plugin_contracts::export_plugin!(allocator = host,);
}

fn main() {}
