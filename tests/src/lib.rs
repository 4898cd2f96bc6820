//! Helpers of the tests that cross crates: they build plugins the way a user does, with cargo.

pub mod child;
pub mod compiler;
pub mod elf;
pub mod guest;
pub mod mock;
pub mod package;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Set for children of a test: everything is built already.
pub const BUILT_VAR: &str = "PLUGIN_TESTS_BUILT";

/// Names a directory that has every library, built in a way of its own: nothing is built.
pub const LIBRARIES_VAR: &str = "PLUGIN_TESTS_LIBRARIES";

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the root").to_owned()
}

/// The `.so` of a package of this workspace, built once per test process with the profile of the tests.
///
/// # Panics
/// The build fails.
#[must_use]
pub fn plugin(package: &str) -> PathBuf {
    if let Some(libraries) = std::env::var_os(LIBRARIES_VAR) {
        return Path::new(&libraries).join(library(package));
    }
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        // Apart, as their users build them: together each would have the other's features.
        for packages in [&["memory", "disk"][..], &["filter-native"]] {
            let mut cargo = cargo();
            cargo.args(["build", "--quiet"]).args(packages.iter().flat_map(|package| ["--package", package]));
            let status = cargo.current_dir(root()).status().expect("cargo starts");
            assert!(status.success(), "building the plugins failed");
        }
    });
    target().join("debug").join(library(package))
}

/// The `.so` of a package of the workspace `tests/fixtures`, all built once per test process.
///
/// # Panics
/// The build fails.
#[must_use]
pub fn fixture(package: &str) -> PathBuf {
    if let Some(libraries) = std::env::var_os(LIBRARIES_VAR) {
        return Path::new(&libraries).join(library(package));
    }
    static BUILT: OnceLock<()> = OnceLock::new();
    let target = target().join("fixtures");
    BUILT.get_or_init(|| {
        if std::env::var_os(BUILT_VAR).is_some() {
            return;
        }
        let mut cargo = cargo();
        cargo.args(["build", "--quiet", "--target-dir"]).arg(&target);
        let status = cargo.current_dir(root().join("tests/fixtures")).status().expect("cargo starts");
        assert!(status.success(), "building the fixtures failed");
    });
    target.join("debug").join(library(package))
}

/// What the `cdylib` of a package is called.
fn library(package: &str) -> String {
    format!("lib{}.so", package.replace('-', "_"))
}

/// Cargo of the nightly toolchain; nothing, and a line on stderr, when there is none.
#[must_use]
pub fn nightly(what: &str) -> Option<Command> {
    let of_nightly = || {
        let mut rustup = Command::new("rustup");
        rustup.args(["run", "nightly", "cargo"]);
        // What the outer cargo set for its own children names the outer compiler.
        rustup.env_remove("CARGO").env_remove("RUSTC").env_remove("RUSTDOC").env_remove("RUSTC_WRAPPER");
        rustup
    };
    let found = of_nightly().arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        compiler::skipped(&format!("{what}: nightly toolchain not installed"));
    }
    found.then(of_nightly)
}

/// Cargo, as the tests themselves were started.
#[must_use]
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The target directory of the tests themselves.
#[must_use]
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
