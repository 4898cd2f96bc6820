//! A host: it loads the plugin and holds a `dyn Greeter`.

use std::{env, error::Error, path::Path};

use plugin_host::Plugin;
use @ident@_contract::Greeter;

fn main() -> Result<(), Box<dyn Error>> {
    let directory = env::var("PLUGIN_DIR").unwrap_or_else(|_| "target/plugins".to_owned());
    let path = Path::new(&directory).join("lib@ident@_plugin.so");
    // SAFETY: the file is code and will run with our rights; we built it ourselves.
    let greeter = unsafe { Plugin::<dyn Greeter>::options().config("salute", "Hello").load(path)? };
    println!("{:?}", greeter.greet("Ada"));
    println!("{:?}", greeter.greet(""));
    Ok(())
}
