//! What a build costs, and what comes of it.
//!
//! In: cargo. Out: the libraries, and rows. It does not know what is in them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sides::NAMES;
use crate::table::{Cell, Row, Unit};

/// The libraries, by their side's name.
pub(crate) struct Built {
    /// Where they were built.
    pub(crate) directory: PathBuf,
    libraries: Vec<PathBuf>,
}

impl Built {
    pub(crate) fn library(&self, name: &str) -> &Path {
        let at = NAMES.iter().position(|known| *known == name).expect("it is one of the sides");
        &self.libraries[at]
    }
}

/// Builds each plugin alone, so that none gets the features that another asks for.
pub(crate) fn plugins() -> Result<Built, String> {
    let program = std::env::current_exe().expect("this program has a path");
    let directory = program.ancestors().nth(2).expect("it lies in a target directory").to_owned();
    let build = |name: &str| {
        let package = format!("{}-plugin", name.replace('_', "-"));
        let mut build = cargo("build");
        build.args(["--quiet", "--release", "--package", &package, "--target-dir"]).arg(&directory);
        let status = build.status().map_err(|error| format!("cargo does not start: {error}"))?;
        if !status.success() {
            return Err(format!(
                "`{package}` does not build: what rustc says stands above, and nothing was measured; pin what builds in benches/peers/Cargo.toml"
            ));
        }
        Ok(directory.join(format!("release/lib{}.so", package.replace('-', "_"))))
    };
    let libraries = NAMES.into_iter().map(build).collect::<Result<_, _>>()?;
    Ok(Built { directory, libraries })
}

pub(crate) fn measure(built: &Built) -> Result<Vec<Row>, String> {
    let size = |name| fs::metadata(built.library(name)).expect("it is built").len() as f64;
    let mut sizes = Row::new("stripped `.so`");
    let mut checks = Row::new("clean `cargo check` of the contract, processor time");
    let mut crates = Row::new("external crates under a plugin");
    for name in NAMES {
        let (bytes, raw) = (size(name), size("raw"));
        sizes.set(name, Cell::Ratio { ratio: bytes / raw, value: bytes / 1000.0, unit: Unit::Kilobytes });
        checks.set(name, Cell::Plain(seconds_of_check(built, name)?, Unit::Seconds));
        crates.set(name, Cell::Plain(external_crates(name)?, Unit::Count));
    }
    Ok(vec![sizes, checks, crates])
}

fn seconds_of_check(built: &Built, name: &str) -> Result<f64, String> {
    let fresh = built.directory.join("check");
    let package = format!("{}-contract", name.replace('_', "-"));
    let mut check = cargo("check");
    check.args(["--quiet", "--jobs", "1", "--package", &package, "--target-dir"]).arg(&fresh);
    // The others come from a registry, which cargo compiles in one go; ours from a path, as nobody else has it.
    check.env("CARGO_INCREMENTAL", "0");
    let before = seconds_of_children();
    let status = check.status().map_err(|error| format!("cargo does not start: {error}"))?;
    let seconds = seconds_of_children() - before;
    fs::remove_dir_all(&fresh).map_err(|error| format!("{}: {error}", fresh.display()))?;
    status.success().then_some(seconds).ok_or_else(|| format!("`{package}` does not check"))
}

/// Processor time, user and system, of every child that was waited for (proc_pid_stat(5): fields 16 and 17).
fn seconds_of_children() -> f64 {
    // What the kernel counts in for every architecture (USER_HZ).
    const TICKS_IN_A_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").expect("the system has procfs");
    // The second field is a name in parentheses, and may hold anything.
    let (_, fields) = stat.rsplit_once(')').expect("the name is in parentheses");
    let ticks = fields.split_whitespace().skip(13).take(2);
    ticks.map(|ticks| ticks.parse::<f64>().expect("a number")).sum::<f64>() / TICKS_IN_A_SECOND
}

/// How many packages a plugin needs that are not of this repository. Two versions of one are two.
fn external_crates(name: &str) -> Result<f64, String> {
    let package = format!("{}-plugin", name.replace('_', "-"));
    let mut tree = cargo("tree");
    tree.args(["--package", &package, "--edges", "normal,build", "--prefix", "none"]);
    let output = tree.output().map_err(|error| format!("cargo does not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr)));
    }
    // A package of this repository is followed by its path.
    let text = String::from_utf8_lossy(&output.stdout);
    let external = text.lines().filter(|line| !line.contains("(/"));
    let external: BTreeSet<Vec<_>> = external.map(|line| line.split_whitespace().take(2).collect()).collect();
    Ok(external.len() as f64)
}

/// The version of rustc, and of the sides that have one, as they are locked.
pub(crate) fn versions() -> Vec<(&'static str, String)> {
    let lock = fs::read_to_string(root().join("benches/peers/Cargo.lock")).expect("it is checked in");
    let version = |name: &str| {
        let packages = lock.split("[[package]]").filter(|one| one.contains(&format!("name = \"{name}\"")));
        let versions = packages.filter_map(|one| one.split("version = \"").nth(1)?.split('"').next());
        // abi_stable is there twice: cglue has an older one of its own.
        versions.last().unwrap_or("?").to_owned()
    };
    let rustc =
        Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("--version").output();
    let rustc = rustc.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    vec![
        ("rustc", rustc.unwrap_or_default()),
        ("abi_stable", version("abi_stable")),
        ("stabby", version("stabby")),
        ("cglue", version("cglue")),
    ]
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    root.expect("this package lies in benches/peers").to_owned()
}

fn cargo(command: &str) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args([command, "--locked"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo
}
