//! The compilers of other languages and machines, found by name.
//!
//! In: what is to be compiled. Out: a command, or nothing and a line that says what is missing. It installs nothing.

use std::process::Command;

/// A command that compiles C for another target, `aarch64-linux-gnu` or `x86_64-linux-musl`: zig brings headers and C
/// libraries of its own.
#[must_use]
pub fn zig_cc(target: &str) -> Option<Command> {
    let zig = found(&["version"], || Command::new("zig"));
    let zig = zig.or_else(|| {
        // As PyPI has it.
        found(&["version"], || {
            let mut python = Command::new("python3");
            python.args(["-m", "ziglang"]);
            python
        })
    });
    let Some(mut zig) = zig else {
        println!("SKIPPED what is compiled for {target}: zig not found");
        return None;
    };
    // Where it may write, whoever runs the tests.
    let cache = crate::target().join("zig");
    zig.args(["cc", "-target", target]).env("ZIG_GLOBAL_CACHE_DIR", &cache).env("ZIG_LOCAL_CACHE_DIR", cache);
    Some(zig)
}

/// A compiler of this name, `g++` or `clang++`, for this machine.
#[must_use]
pub fn native(name: &str) -> Option<Command> {
    let compiler = found(&["--version"], || Command::new(name));
    if compiler.is_none() {
        println!("SKIPPED what {name} compiles: {name} not found");
    }
    compiler
}

fn found(question: &[&str], command: impl Fn() -> Command) -> Option<Command> {
    let answer = command().args(question).output();
    answer.is_ok_and(|answer| answer.status.success()).then(command)
}
