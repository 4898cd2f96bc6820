//! What a call costs, in a program that is built twice: as tests are, and optimized.
//!
//! In: nothing. Out: a table. It does not know builds.

use std::path::Path;
use std::process::Command;
use std::{fs, io};

/// Runs the program.
pub(crate) fn table(work: &Path, root: &Path) -> io::Result<String> {
    let package = work.join("calls");
    fs::create_dir_all(package.join("src"))?;
    let contracts = root.join("../../contracts");
    let manifest = format!(
        "[package]\nname = \"side-calls\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         plugin-contracts = {{ path = {contracts:?}, features = [\"mock\"] }}\nmockall = \"=0.15.0\"\nmry = \"=0.16.0\"\nunimock = \"=0.6.8\"\n\n\
         # mry leaves its mocks out of what has no debug assertions.\n[profile.release]\ndebug-assertions = true\n\n[workspace]\n"
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::write(package.join("src/main.rs"), include_str!("called.rs"))?;
    let mut text =
        String::from("## Calls\n\nNanoseconds of one matched call, the smallest of many rounds.\n");
    for (title, flags) in [
        ("As tests are built", &["run", "-q"][..]),
        (
            "Optimized, with debug assertions, without which mry leaves its mocks out",
            &["run", "-q", "--release"][..],
        ),
    ] {
        let output = Command::new("cargo")
            .args(flags)
            .current_dir(&package)
            .env("CARGO_TARGET_DIR", work.join("target"))
            .output()?;
        if !output.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        text += &format!("\n{title}:\n\n{}", String::from_utf8_lossy(&output.stdout));
    }
    Ok(text)
}
