//! What a build costs, and what comes of it.
//!
//! In: cargo. Out: the two libraries, and rows. It does not know what is in them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use plugin_tests::{cargo, root, target};

use crate::table::{Goal, Table, Unit};

/// The libraries, built like a release and stripped.
pub(crate) struct Built {
    /// `bench-plugin`.
    pub(crate) ours: PathBuf,
    /// `bench-raw`.
    pub(crate) raw: PathBuf,
    /// `bench-extra`.
    pub(crate) extra: PathBuf,
    /// `bench-lent`.
    pub(crate) lent: PathBuf,
}

pub(crate) fn fixtures() -> Built {
    let target = target().join("fixtures");
    let mut build = cargo();
    build.args(["build", "--quiet", "--release"]);
    for package in ["bench-plugin", "bench-raw", "bench-extra", "bench-lent"] {
        build.args(["--package", package]);
    }
    build.arg("--target-dir").arg(&target).current_dir(root().join("tests/fixtures"));
    run(build.env("CARGO_PROFILE_RELEASE_STRIP", "symbols"));
    let library = |name| target.join("release").join(name);
    Built {
        ours: library("libbench_plugin.so"),
        raw: library("libbench_raw.so"),
        extra: library("libbench_extra.so"),
        lent: library("libbench_lent.so"),
    }
}

pub(crate) fn measure(built: &Built, table: &mut Table) {
    let (ours, raw) = (size(&built.ours), size(&built.raw));
    table.row("stripped plugin, over raw", Unit::MoreKilobytes, (ours - raw) / 1000.0, Goal::AtMost(10.0));
    table.note(format!("stripped, KB: plugin {:.1}, raw {:.1}", ours / 1000.0, raw / 1000.0));

    let seconds = seconds_of_check();
    table.row(
        "clean `cargo check` of store-contract, processor time",
        Unit::Seconds,
        seconds,
        Goal::AtMost(10.0),
    );

    let crates = external_crates("memory");
    let list = crates.iter().cloned().collect::<Vec<_>>().join(", ");
    table.row(
        "external crates under the plugin `memory`",
        Unit::Count,
        crates.len() as f64,
        Goal::AtMost(4.0),
    );
    table.note(format!("external crates: {list}"));
}

fn size(file: &Path) -> f64 {
    fs::metadata(file).expect("the library is built").len() as f64
}

fn seconds_of_check() -> f64 {
    let fresh = tempfile::tempdir_in(target()).expect("the target directory is writable");
    let mut check = cargo();
    check
        .args(["check", "--quiet", "--offline", "--package", "store-contract", "--target-dir"])
        .arg(fresh.path())
        // As users build it: cargo compiles what comes from a registry or from git in one go.
        .env("CARGO_INCREMENTAL", "0");
    let before = seconds_of_children();
    run(check.current_dir(root()));
    seconds_of_children() - before
}

/// Processor time, user and system, of every child that was waited for (proc_pid_stat(5): fields 16 and 17).
fn seconds_of_children() -> f64 {
    // What the kernel counts in for every architecture (USER_HZ).
    const TICKS_IN_A_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").expect("the system has procfs");
    // The second field is a name in parentheses, and may hold anything.
    let (_, fields) = stat.rsplit_once(')').expect("the name is in parentheses");
    let ticks =
        fields.split_whitespace().skip(13).take(2).map(|ticks| ticks.parse::<f64>().expect("a number"));
    ticks.sum::<f64>() / TICKS_IN_A_SECOND
}

/// The names of what a package needs that is not of this repository.
fn external_crates(package: &str) -> BTreeSet<String> {
    let mut tree = cargo();
    tree.args(["tree", "--offline", "--package", package, "--edges", "normal,build", "--prefix", "none"]);
    let output = tree.current_dir(root()).output().expect("cargo starts");
    assert!(output.status.success(), "cargo tree failed: {}", String::from_utf8_lossy(&output.stderr));
    // A package of this repository is followed by its path.
    let text = String::from_utf8_lossy(&output.stdout);
    let external = text.lines().filter(|line| !line.contains("(/"));
    external.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

fn run(command: &mut Command) {
    let status = command.status().expect("cargo starts");
    assert!(status.success(), "{command:?} failed");
}
