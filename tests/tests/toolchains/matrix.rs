//! Every host with every plugin: each built by another compiler, profile, way to panic and allocator than the rest.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use plugin_tests::compiler::skipped;
use plugin_tests::{cargo, nightly, root, target};

/// How host and plugins are built. Each has a profile's directory of a compiler to itself: cargo names what a `cdylib`
/// becomes after the package alone, and would take the one for the other.
struct Way {
    name: &'static str,
    nightly: bool,
    release: bool,
    /// For cargo: the profile's settings.
    settings: &'static [(&'static str, &'static str)],
    /// What the host allocates with. The plugins keep the system's memory, or are lent the host's.
    allocator: &'static str,
    aborts: bool,
}

const SYSTEM: &str = "the system's";

const WAYS: [Way; 4] = [
    Way {
        name: "stable, debug",
        nightly: false,
        release: false,
        settings: &[],
        allocator: SYSTEM,
        aborts: false,
    },
    Way {
        name: "stable, release, fat LTO, stripped, host with mimalloc",
        nightly: false,
        release: true,
        settings: &[
            ("CARGO_PROFILE_RELEASE_LTO", "fat"),
            ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
            ("CARGO_PROFILE_RELEASE_STRIP", "true"),
        ],
        allocator: "mimalloc",
        aborts: false,
    },
    Way {
        name: "nightly, debug, panics abort",
        nightly: true,
        release: false,
        settings: &[("CARGO_PROFILE_DEV_PANIC", "abort")],
        allocator: SYSTEM,
        aborts: true,
    },
    Way {
        name: "nightly, release, host with jemalloc",
        nightly: true,
        release: true,
        settings: &[],
        allocator: "jemalloc",
        aborts: false,
    },
];

/// What came of building in one way.
struct Built {
    way: &'static Way,
    host: PathBuf,
    echo: PathBuf,
    panicky: PathBuf,
    lent: PathBuf,
    allocator: &'static str,
}

fn build(way: &'static Way, mut cargo: Command) -> Built {
    let compiler = if way.nightly { "nightly" } else { "stable" };
    let target = target().join("toolchains/matrix").join(compiler);
    cargo.args(["build", "--quiet"]);
    cargo.args(["host", "echo", "panicky", "lent"].iter().flat_map(|package| ["--package", package]));
    if way.release {
        cargo.arg("--release");
    }
    let mut allocator = way.allocator;
    if allocator == "jemalloc" && Command::new("make").arg("--version").output().is_err() {
        skipped("a host with jemalloc: make not found");
        allocator = SYSTEM;
    }
    if allocator != SYSTEM {
        cargo.arg("--features").arg(format!("host/{allocator}"));
    }
    cargo.envs(way.settings.iter().copied()).arg("--target-dir").arg(&target);
    let status = cargo.current_dir(root().join("tests/fixtures")).status().expect("cargo starts");
    assert!(status.success(), "building as `{}` failed", way.name);
    let directory = target.join(if way.release { "release" } else { "debug" });
    let [host, echo, panicky, lent] =
        ["host", "libecho.so", "libpanicky.so", "liblent.so"].map(|name| directory.join(name));
    Built { way, host, echo, panicky, lent, allocator }
}

/// What a host says that calls these plugins.
fn run(host: &Built, plugins: &Built) -> String {
    let mut command = Command::new(&host.host);
    command.args([&plugins.echo, &plugins.panicky, &plugins.lent]).env_remove("RUST_BACKTRACE");
    if !plugins.way.aborts {
        command.env("PLUGIN_TESTS_MAY_PANIC", "1");
    }
    let ended = command.output().expect("the host starts");
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(
        ended.status.success(),
        "a host by `{}` with plugins by `{}` ended with {}: {said}{}",
        host.way.name,
        plugins.way.name,
        ended.status,
        String::from_utf8_lossy(&ended.stderr)
    );
    said
}

fn rustc_of(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| bytes.windows(8).any(|window| window == b"-nightly"))
}

#[test]
fn every_host_calls_every_plugin() {
    let mut all = Vec::new();
    for way in &WAYS {
        let cargo = if way.nightly { nightly(way.name) } else { Some(cargo()) };
        all.extend(cargo.map(|cargo| build(way, cargo)));
    }
    for host in &all {
        for plugins in &all {
            let said = run(host, plugins);
            let (Way { release, aborts, .. }, allocator) = (host.way, host.allocator);
            assert_eq!(said, format!("debug={} abort={aborts} allocator={allocator}\n", !release));
        }
        assert_eq!(rustc_of(&host.echo), host.way.nightly, "by the compiler that was asked for");
    }
    println!("{} hosts with {} sets of plugins", all.len(), all.len());
}
