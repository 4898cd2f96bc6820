//! The host in Rust: it loads the plugin that it is told, and asks it for a sum.

use std::env;
use std::error::Error;

use calculator_contract::Calculator;
use plugin_host::Plugin;

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args_os().nth(1).ok_or("usage: calculator PLUGIN")?;
    // SAFETY: whoever names the file vouches for its code, which runs with our rights.
    let calculator = unsafe { Plugin::<dyn Calculator>::load(path)? };
    println!("Result: {}", calculator.add(3, 5));
    calculator.close()?;
    Ok(())
}
