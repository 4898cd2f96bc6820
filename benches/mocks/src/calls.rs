//! What a call costs, in a program that is built twice: as tests are, and optimized.
//!
//! In: nothing. Out: a table. It does not know builds. The contract is a package of its own, of which `cargo plugin-gen mock-so`
//! makes a library, as for any host under test.

use std::path::Path;
use std::process::Command;
use std::{fs, io};

const CONTRACT: &str = r#"//! What is called.

#[plugin_contracts::plugin_contract(id = "bench.store", version = "1.0.0", unlocked, mock)]
pub trait Store: Send + Sync {
    fn get(&self, key: &str) -> Option<u64>;
    fn put(&self, key: &str, value: &[u8]) -> Result<(), String>;
    fn add(&self, a: u64, b: u64) -> u64;
}
"#;

/// Runs a command to its end, and returns what it printed.
fn printed(command: &mut Command) -> io::Result<String> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs the program.
pub(crate) fn table(work: &Path, root: &Path) -> io::Result<String> {
    let package = work.join("calls");
    fs::create_dir_all(package.join("src"))?;
    let (contracts, host) = (root.join("../../contracts"), root.join("../../plugin-host"));
    let store = work.join("store");
    fs::create_dir_all(store.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"side-store\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         plugin-contracts = {{ path = {contracts:?}, features = [\"mock\"] }}\n\n[workspace]\n"
    );
    fs::write(store.join("Cargo.toml"), manifest)?;
    fs::write(store.join("src/lib.rs"), CONTRACT)?;
    let manifest = format!(
        "[package]\nname = \"side-calls\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         plugin-contracts = {{ path = {contracts:?}, features = [\"mock\"] }}\nplugin-host = {{ path = {host:?}, features = [\"mock\"] }}\n\
         side-store = {{ path = {store:?} }}\nmockall = \"=0.15.0\"\nmry = \"=0.16.0\"\nunimock = \"=0.6.8\"\n\n\
         # mry leaves its mocks out of what has no debug assertions.\n[profile.release]\ndebug-assertions = true\n\n[workspace]\n"
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::write(package.join("src/main.rs"), include_str!("called.rs"))?;
    let mut text =
        String::from("## Calls\n\nNanoseconds of one matched call, the smallest of many rounds.\n");
    let target = work.join("target");
    for (title, profile) in [
        ("As tests are built", &[][..]),
        ("Optimized, with debug assertions, without which mry leaves its mocks out", &["--release"][..]),
    ] {
        let library = target.join("libmock_bench_store.so");
        let mut mock_so = Command::new("cargo");
        mock_so
            .args(["run", "-q", "--release", "-p", "plugin-gen", "--manifest-path"])
            .arg(root.join("../../Cargo.toml"));
        mock_so
            .args(["--", "mock-so", "--manifest-path"])
            .arg(store.join("Cargo.toml"))
            .arg("--out")
            .arg(&library);
        printed(mock_so.args(profile).env("CARGO_TARGET_DIR", &target))?;
        let mut calls = Command::new("cargo");
        calls.args(["run", "-q"]).args(profile).arg("--").arg(&library).current_dir(&package);
        text += &format!("\n{title}:\n\n{}", printed(calls.env("CARGO_TARGET_DIR", &target))?);
    }
    Ok(text)
}
