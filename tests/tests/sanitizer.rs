//! The walks of `memory_safety` once more, host and plugins built with AddressSanitizer by nightly: it also sees what lies beyond
//! a place on the stack and between statics.

use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::Message;
use plugin_tests::{LIBRARIES_VAR, nightly, root, target};

/// Builds something of a workspace with the sanitizer; nothing when there is no nightly. What cargo says of it, and where its
/// libraries are.
fn sanitized(workspace: &Path, arguments: &[&str]) -> Option<(Vec<u8>, PathBuf)> {
    let mut cargo = nightly("what runs with AddressSanitizer")?;
    // The program has the sanitizer, and the libraries that it opens find it there.
    cargo.env("RUSTFLAGS", "-Zsanitizer=address -Clink-arg=-Wl,--export-dynamic");
    cargo.env_remove("CARGO_ENCODED_RUSTFLAGS").current_dir(workspace).args(arguments);
    // A target that is named keeps the flags from build scripts and macros: they run in a compiler without the sanitizer.
    let triple = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let directory = target().join("toolchains/sanitized");
    cargo.args(["--quiet", "--message-format=json-render-diagnostics", "--target", &triple, "--target-dir"]);
    let built = cargo.arg(&directory).output().expect("cargo starts");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Some((built.stdout, directory.join(triple).join("debug")))
}

#[test]
fn every_walk_is_clean_with_a_sanitizer_on_both_sides() {
    let fixtures = root().join("tests/fixtures");
    let Some((_, libraries)) = sanitized(&root(), &["build", "--package", "memory"]) else { return };
    let built = sanitized(&fixtures, &["build"]);
    let instrumented = std::fs::read(libraries.join("libecho.so")).expect("it is built");
    assert!(instrumented.windows(12).any(|bytes| bytes == b"__asan_init\0"), "the plugins are watched too");

    let (said, _) =
        built.and(sanitized(&fixtures, &["test", "--package", "walks", "--no-run"])).expect("as above");
    let executables = Message::parse_stream(&*said).filter_map(|message| match message {
        Ok(Message::CompilerArtifact(artifact)) if artifact.target.name == "memory_safety" => {
            artifact.executable
        }
        _ => None,
    });
    let walks = executables.last().expect("the test becomes a program");
    let mut command = Command::new(walks);
    command.env(LIBRARIES_VAR, &libraries).env_remove("RUST_BACKTRACE");
    let ended = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.contains(" 0 failed") && !said.contains(" 0 passed"), "{said}");
    println!("{said}");
}
