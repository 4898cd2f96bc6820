//! The command line `cargo plugin-gen`.

use std::process::ExitCode;

fn main() -> ExitCode {
    plugin_gen::cli::main()
}
