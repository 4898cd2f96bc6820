//! The command line `cargo plugin-gen`.
fn main() {}
