//! A test's own binary started again: for what one process cannot see of itself, or cannot do and go on.
//!
//! In: the name of a test marked `#[ignore]` in the same binary. Out: how the process that runs it ended, and what it
//! printed.

use std::path::Path;
use std::process::{Command, Output};

/// A command that runs one ignored test of this very binary, alone and without capturing what it prints.
///
/// # Panics
/// The system cannot say which binary this is.
#[must_use]
pub fn command(test: &str) -> Command {
    command_of(&std::env::current_exe().expect("the test binary has a path"), test)
}

/// The same for a copy of the binary, where another user can reach it.
#[must_use]
pub fn command_of(binary: &Path, test: &str) -> Command {
    let mut command = Command::new(binary);
    command.args([test, "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
    // Backtraces would make what is printed depend on who runs the tests.
    command.env_remove("RUST_BACKTRACE").env_remove("RUST_LIB_BACKTRACE");
    // Built here, so that a child prints nothing but its own.
    let _ = crate::fixture("bare");
    command.env(crate::BUILT_VAR, "1");
    command
}

/// A command that runs a program under valgrind: whatever it reads, writes or loses wrongly ends it with 9. Nothing, and a
/// line on stderr, when there is no valgrind.
#[must_use]
pub fn under_valgrind(command: &Command) -> Option<Command> {
    let mut valgrind = Command::new("valgrind");
    if !valgrind.arg("--version").output().is_ok_and(|output| output.status.success()) {
        crate::compiler::skipped("what runs under valgrind: valgrind not found");
        return None;
    }
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--quiet", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite"]);
    valgrind.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => valgrind.env(name, value),
            None => valgrind.env_remove(name),
        };
    }
    Some(valgrind)
}

/// Whether this binary was built with a sanitizer and watches itself.
#[must_use]
pub fn is_sanitized() -> bool {
    std::env::var_os(crate::LIBRARIES_VAR).is_some()
}

/// A command that is watched for what it reads, writes or loses wrongly: by valgrind, or by the sanitizer that it was built
/// with. Nothing, and a line on stderr, when there is neither.
#[must_use]
pub fn watched(command: Command) -> Option<Command> {
    if is_sanitized() { Some(command) } else { under_valgrind(&command) }
}

/// Runs it, holds its success, and returns stderr.
///
/// # Panics
/// The child does not start, fails, or ran no test.
#[track_caller]
#[must_use]
pub fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("the child starts");
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "the child ended with {status}\n{stdout}\n{stderr}");
    assert!(stdout.contains("1 passed"), "the child ran no test, or several\n{stdout}");
    stderr.into_owned()
}
