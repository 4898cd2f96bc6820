//! Hands the compiler's version and the target triple to `note::Toolchain`: no `cfg` carries them.

use std::{env, process::Command};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().ok().filter(|output| output.status.success());
    let version = version.and_then(|output| String::from_utf8(output.stdout).ok());
    println!("cargo::rustc-env=PLUGIN_ABI_RUSTC={}", version.as_deref().unwrap_or("rustc unknown").trim());
    println!("cargo::rustc-env=PLUGIN_ABI_TARGET={}", env::var("TARGET").unwrap_or_default());
}
