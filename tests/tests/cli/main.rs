//! The command line, as a user calls it: exit codes, files, text.

mod bases;
mod doctor;
mod drift;
mod ebpf;
mod generate;
mod header;
mod inspect;
mod project;
mod road;
mod schema;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use plugin_tests::{cargo, root, target};
use tempfile::TempDir;

/// The built `cargo-plugin-gen`.
fn binary() -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let status =
            cargo().args(["build", "--quiet", "--package", "plugin-gen"]).current_dir(root()).status();
        assert!(status.expect("cargo starts").success(), "building the command line failed");
    });
    target().join("debug/cargo-plugin-gen")
}

/// Runs the command line in a directory. What it compiles goes where the other tests find it again.
fn plugin_gen(directory: &Path, words: &[&str]) -> Ended {
    let mut command = Command::new(binary());
    command.args(words).current_dir(directory);
    command
        .env("CARGO_TARGET_DIR", target().join("outside"))
        .env_remove("CLICOLOR_FORCE")
        .env_remove("CARGO_TERM_COLOR");
    Ended::from(command.output().expect("the command line starts"))
}

/// What came of a run.
#[derive(Debug)]
struct Ended {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("what is printed is UTF-8");
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Ended {
    #[track_caller]
    fn code(self, expected: i32) -> Self {
        assert_eq!(self.code, Some(expected), "{self:#?}");
        self
    }

    /// That stdout or stderr has each of these texts.
    #[track_caller]
    fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(
                self.stdout.contains(text) || self.stderr.contains(text),
                "`{text}` is missing: {self:#?}"
            );
        }
        self
    }
}

/// A new workspace outside this one, made by `init` in the directory `greeter`. Each test has a name of its own: in a
/// target directory that is shared, cargo tells packages of different workspaces apart by their names only.
fn greeter(name: &str) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    plugin_gen(directory.path(), &["plugin-gen", "init", "--path", "greeter", name]).code(0);
    // The versions that this workspace was tested with.
    fs::copy(root().join("Cargo.lock"), directory.path().join("greeter/Cargo.lock")).expect("a lock to copy");
    directory
}

/// Replaces a text in a file, which must be there.
#[track_caller]
fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).expect("the file is there");
    assert!(text.contains(from), "`{from}` is not in {}", path.display());
    fs::write(path, text.replace(from, to)).expect("the file can be written");
}
