//! Mocks as plugins, built the way a user does, with `cargo plugin-gen mock-so`.
//!
//! In: a contract, and flags. Out: a file. It does not know what is expected of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use tempfile::TempDir;

use crate::{cargo, root, target};

/// The built `cargo-plugin-gen`.
///
/// # Panics
/// The build fails.
#[must_use]
pub fn binary() -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let status =
            cargo().args(["build", "--quiet", "--package", "plugin-gen"]).current_dir(root()).status();
        assert!(status.expect("cargo starts").success(), "building the command line failed");
    });
    target().join("debug/cargo-plugin-gen")
}

/// What `mock-so` says with these words, run in the workspace with this manifest.
///
/// # Panics
/// It cannot be started.
#[must_use]
pub fn mock_so(workspace: &Path, words: &[&str]) -> Output {
    // One build directory, one build at a time.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut command = Command::new(binary());
    command.arg("mock-so").args(words).current_dir(workspace).env_remove("CARGO_TERM_COLOR");
    command.env("CARGO_TARGET_DIR", target().join("mocked")).output().expect("the command line starts")
}

/// A mock's file that nobody else in this process has: each image of a library has one desk.
pub struct Copy {
    directory: TempDir,
}

impl Copy {
    /// The file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.directory.path().join("libmock.so")
    }

    /// The same file once more.
    ///
    /// # Panics
    /// It cannot be copied.
    #[must_use]
    pub fn another(&self) -> Self {
        let copy = Self { directory: tempfile::tempdir().expect("a temporary directory") };
        fs::copy(self.path(), copy.path()).expect("the mock is there");
        copy
    }
}

/// The mock of a contract of the fixture `rig`, built like this.
///
/// # Panics
/// The build fails.
#[must_use]
pub fn rig(contract: &str, flags: &[&str]) -> Copy {
    let name = match contract {
        "fixture.rig" => "Rig",
        "fixture.line" => "Line",
        _ => "Still",
    };
    of("rig", contract, &format!("rig::{name}"), flags)
}

/// The mock of a contract of a fixture, whose trait is there.
///
/// # Panics
/// The build fails.
#[must_use]
pub fn of(package: &str, contract: &str, path: &str, flags: &[&str]) -> Copy {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let copy = Copy { directory: tempfile::tempdir().expect("a temporary directory") };
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let built = target().join(format!("mocked/built-{}-{count}.so", std::process::id()));
    let out = built.display().to_string();
    let mut words = vec!["-p", package, "--offline", "--contract", contract, "--trait", path, "--out", &out];
    words.extend(flags);
    let Output { status, stderr, .. } = mock_so(&root().join("tests/fixtures"), &words);
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    fs::copy(&built, copy.path()).expect("the mock was built");
    // Only the copy is loaded.
    let _ = fs::remove_file(built);
    copy
}
