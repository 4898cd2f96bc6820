//! What a plugin in the kernel costs beside libbpf-rs and aya: loads, calls, events, tables and swaps, side by side in one run.
//!
//! In: two objects, compiled once. Out: `docs/kernel-numbers.md` of this repository. It asserts nothing about time. It needs root,
//! and a kernel that takes programs.
//!
//! ```text
//! cargo run --release --manifest-path benches/kernel/Cargo.toml [-- loads|methods|ring|perf|throughput|tables|swaps]
//! ```
//! With a part named, that part is printed and nothing is written.

mod calls;
mod contracts;
mod events;
mod loads;
mod objects;
mod race;
mod raw;
mod sides;
mod table;

use std::path::Path;
use std::process::{Command, ExitCode};

use objects::Objects;
use table::{Row, Table};

type Part = (&'static str, fn(&Objects) -> Vec<Row>);

const PARTS: [Part; 7] = [
    ("loads", loads::measure),
    ("methods", calls::methods),
    ("ring", events::ring),
    ("perf", events::perf),
    ("throughput", events::throughput),
    ("tables", calls::tables),
    ("swaps", calls::swaps),
];

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kernel: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(named: &[String]) -> Result<(), String> {
    if let Some(part) = named.iter().find(|part| !PARTS.iter().any(|(name, _)| name == part)) {
        let all = PARTS.map(|(name, _)| name).join(", ");
        return Err(format!("there is no part `{part}`: name some of {all}, or nothing for all of them"));
    }
    // Of each load it would say that it skips a section.
    libbpf_rs::set_print(None);
    let objects = Objects::compile()?;
    // Before the threads are told where to stay.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut rows = Vec::new();
    for (name, measure) in PARTS {
        if named.is_empty() || named.iter().any(|part| part == name) {
            rows.extend(measure(&objects));
        }
    }
    let table = Table(rows);
    println!("{table}");
    if named.is_empty() { write(&table, cores) } else { Ok(()) }
}

fn write(table: &Table, cores: usize) -> Result<(), String> {
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).lines().next()?.trim().to_owned())
    };
    let unknown = || "an unknown version".to_owned();
    let mut text = include_str!("kernel-numbers.md").replace("{table}", table.to_string().trim_end());
    let version = plugin_gen::Clang::find().map_or_else(|_| unknown(), |clang| clang.version().to_string());
    for (name, value) in [
        ("{rustc}", said("rustc", &["--version"]).unwrap_or_else(unknown)),
        ("{linux}", said("uname", &["-r"]).as_deref().map_or_else(unknown, minor)),
        ("{clang}", version),
        ("{libbpf-rs}", locked("libbpf-rs")),
        ("{libbpf-sys}", locked("libbpf-sys")),
        ("{aya}", locked("aya")),
        ("{cores}", cores.to_string()),
    ] {
        text = text.replace(name, &value);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/kernel-numbers.md");
    std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    println!("wrote docs/kernel-numbers.md");
    Ok(())
}

/// The first two numbers of a release.
fn minor(release: &str) -> String {
    release.splitn(3, '.').take(2).collect::<Vec<_>>().join(".")
}

/// The version of a crate in the lock.
fn locked(name: &str) -> String {
    let lock = include_str!("../Cargo.lock");
    let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \"")).expect("it is locked");
    rest.split('"').next().unwrap_or_default().to_owned()
}
