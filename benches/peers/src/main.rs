//! What the same plugin costs by other means: calls, loads, sizes and builds, side by side in one run.
//!
//! In: six plugins, each built alone with one profile. Out: `BENCHMARKS.md` and `docs/peers.svg` of this repository. It
//! asserts nothing about time.
//!
//! ```text
//! cargo run --release --manifest-path benches/peers/Cargo.toml [-- calls|loads|builds]
//! ```
//! With a part named, that part is printed and nothing is written.

mod builds;
mod calls;
mod chart;
#[path = "../../../tests/benches/road/copies.rs"]
mod copies;
mod loads;
#[allow(dead_code, reason = "the bench `road` asks it for more")]
#[path = "../../../tests/benches/road/race.rs"]
mod race;
mod sides;
mod table;

use std::fs;
use std::process::ExitCode;

use builds::Built;
use sides::Sides;
use table::Table;

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("peers: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(parts: &[String]) -> Result<(), String> {
    if let Some(part) = parts.iter().find(|part| !["calls", "loads", "builds"].contains(&part.as_str())) {
        return Err(format!(
            "there is no part `{part}`: name calls, loads or builds, or nothing for all of them"
        ));
    }
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|named| named == part);
    let built = builds::plugins()?;
    let mut rows = Vec::new();
    if wanted("calls") {
        rows.extend(calls::measure(load(&built)));
    }
    if wanted("loads") {
        rows.extend(loads::measure(&built));
    }
    if wanted("builds") {
        rows.extend(builds::measure(&built)?);
    }
    let table = Table(rows);
    println!("{table}");
    if parts.is_empty() { write(&table) } else { Ok(()) }
}

fn load(built: &Built) -> Sides {
    Sides {
        raw: sides::load(built.library("raw")),
        guarded: sides::load(built.library("guarded")),
        ours: sides::load(built.library("ours")),
        abi_stable: sides::load(built.library("abi_stable")),
        stabby: sides::load(built.library("stabby")),
        cglue: sides::load(built.library("cglue")),
    }
}

fn write(table: &Table) -> Result<(), String> {
    let mut text = include_str!("benchmarks.md").replace("{table}", table.to_string().trim_end());
    for (name, version) in builds::versions() {
        text = text.replace(&format!("{{{name}}}"), &version);
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    text = text.replace("{cores}", &cores.to_string());
    for (path, text) in [("BENCHMARKS.md", text), ("docs/peers.svg", chart::draw(&table.0))] {
        let path = builds::root().join(path);
        let directory = path.parent().expect("a file lies in a directory");
        let written = fs::create_dir_all(directory).and_then(|()| fs::write(&path, text));
        written.map_err(|error| format!("{}: {error}", path.display()))?;
        println!("wrote {}", path.display());
    }
    Ok(())
}
