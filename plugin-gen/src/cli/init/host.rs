//! A host: it loads the plugin and holds a `dyn Greeter`. `cargo plugin-gen run` sets `PLUGIN_DIR`.

use @ident@_contract::Greeter;
use plugin_host::Plugin;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::var("PLUGIN_DIR")? + "/lib@ident@_plugin.so";
    // SAFETY: the file is code and will run with our rights; we built it ourselves.
    let greeter = unsafe { Plugin::<dyn Greeter>::options().config("salute", "Hello").load(path)? };
    println!("{:?} {:?}", greeter.greet("Ada"), greeter.greet(""));
    Ok(())
}
