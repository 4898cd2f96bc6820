//! What it costs to keep a promise: the macros' comparison with the lock, `check` with nothing changed, and the text of
//! one difference.
//!
//! `cargo bench --profile dev -p plugin-tests --bench drift [-- CONTRACTS]`: the dev profile, because cargo compiles macros
//! without optimizations by default; the command line is built like a release. Everything that is compared is measured in turns, in one run; medians are printed.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use plugin_gen::LockFile;
use proc_macro2::TokenStream;

/// How often each side is measured.
const TURNS: usize = 31;

fn main() {
    // `cargo test --benches` starts us too, to see that we start.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let contracts = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(100);
    macros();
    command_line(contracts);
}

/// In the contract that is expanded; the others have five, as most do.
const METHODS: usize = 20;

/// A contract with this number in its id.
fn contract(number: usize, methods: usize) -> String {
    let mut text = format!("pub trait C{number}: Send + Sync {{\n");
    for method in 0..methods {
        let signature = "&self, id: Id, key: &str, value: Vec<Row>) -> Result<Vec<u8>, Failure>;";
        writeln!(text, "    fn m{method}({signature}").expect("a string takes everything");
    }
    text + "}\n"
}

const TYPES: &str = "#[derive(PluginType)]\npub struct Row { pub id: u32, pub name: String }\n\
                     #[derive(PluginType)]\npub enum Failure { Gone, Full(String) }\npub type Id = u64;\n";

/// One expansion with the lock beside one without, a method.
fn macros() {
    let directory = tempfile::tempdir().expect("there is room for a package");
    workspace(directory.path(), 1, 2, METHODS);
    accept(directory.path());
    let text = fs::read_to_string(directory.path().join("p0/plugin-contract.lock")).expect("it was accepted");
    let lock = LockFile::of_text(&text);
    let tokens = |text: &str| text.parse::<TokenStream>().expect("it is Rust");
    let (arguments, item) =
        (tokens("id = \"bench.p0.c0\", version = \"1.0.0\""), tokens(&contract(0, METHODS)));
    let expand = |lock: &LockFile| {
        let start = Instant::now();
        std::hint::black_box(plugin_gen::contract(arguments.clone(), item.clone(), lock));
        start.elapsed()
    };
    let (with, without) = in_turns(|| expand(&lock), || expand(&LockFile::None));
    let micros = |time: Duration| time.as_secs_f64() * 1e6 / METHODS as f64;
    println!("macro, a method:   {:8.1} us with the lock", micros(with));
    println!("                   {:8.1} us without", micros(without));
    println!(
        "                   {:8.1} us is the comparison ({:.2}x; at most 200 us)",
        micros(with.saturating_sub(without)),
        with.as_secs_f64() / without.as_secs_f64()
    );
}

/// `check` with nothing changed beside cargo alone, and beside a `diff` that has one method to show.
fn command_line(contracts: usize) {
    let directory = tempfile::tempdir().expect("there is room for packages");
    let packages = contracts.div_ceil(50).max(2);
    workspace(directory.path(), packages, contracts.div_ceil(packages), 5);
    accept(directory.path());
    run(directory.path(), "check", &[], 0);
    let cargo = || {
        let start = Instant::now();
        let mut cargo = plugin_tests::cargo();
        cargo.args(["build", "--lib", "--offline", "--quiet"]).current_dir(directory.path());
        cargo
            .env("CARGO_TARGET_DIR", directory.path().join("target/plugin-gen"))
            .env("PLUGIN_GEN_DESCRIBE", "1");
        assert!(cargo.env("CARGO_PROFILE_DEV_LTO", "off").status().expect("cargo starts").success());
        start.elapsed()
    };
    let check = || run(directory.path(), "check", &[], 0);
    let (check_time, cargo_time) = in_turns(check, cargo);
    let seconds = |time: Duration| time.as_secs_f64();
    println!(
        "check, {contracts} contracts, nothing changed: {:.3} s (at most 1.5 s for 1000)",
        seconds(check_time)
    );
    println!(
        "  cargo build of the same, nothing changed: {:.3} s ({:.2}x)",
        seconds(cargo_time),
        seconds(check_time) / seconds(cargo_time)
    );

    let source = directory.path().join("p0/src/lib.rs");
    let text = fs::read_to_string(&source).expect("it was written");
    fs::write(&source, text.replacen("id: Id", "id: u32", 1)).expect("it can be written");
    run(directory.path(), "diff", &[], 1);
    // Both find everything built; one has a method to show.
    let (shown, silent) = in_turns(
        || run(directory.path(), "diff", &["-p", "bench-p0"], 1),
        || run(directory.path(), "diff", &["-p", "bench-p1"], 0),
    );
    let millis = (seconds(shown) - seconds(silent)) * 1e3;
    println!("diff of one method, over a diff of nothing: {millis:.1} ms (at most 30 ms)");
}

/// Two things in turns; the median of each.
fn in_turns(mut one: impl FnMut() -> Duration, mut other: impl FnMut() -> Duration) -> (Duration, Duration) {
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ones.push(one());
        others.push(other());
    }
    ones.sort_unstable();
    others.sort_unstable();
    (ones[TURNS / 2], others[TURNS / 2])
}

/// Runs the command line, with the packages' own target directory, and takes its time.
fn run(directory: &Path, command: &str, words: &[&str], code: i32) -> Duration {
    let start = Instant::now();
    let mut tool = Command::new(plugin_tests::target().join("release/cargo-plugin-gen"));
    tool.arg(command).args(words).args(["--offline"]).current_dir(directory);
    tool.env("CARGO_TARGET_DIR", directory.join("target"));
    let output = tool.output().expect("the command line was built");
    let time = start.elapsed();
    assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
    time
}

/// Promises everything.
fn accept(directory: &Path) {
    let built = plugin_tests::cargo()
        .args(["build", "--quiet", "--release", "--package", "plugin-gen"])
        .current_dir(plugin_tests::root())
        .status();
    assert!(built.expect("cargo starts").success(), "the command line does not build");
    run(directory, "accept", &[], 0);
}

/// Packages of contracts, in a workspace of their own.
fn workspace(directory: &Path, packages: usize, contracts: usize, methods: usize) {
    let write = |path: &str, text: &str| {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().expect("it is in a directory")).expect("directories can be made");
        fs::write(path, text).expect("files can be written");
    };
    write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"p*\"]\n");
    write("Cargo.lock", &fs::read_to_string(plugin_tests::root().join("Cargo.lock")).expect("it is there"));
    let dependency = plugin_tests::root().join("contracts");
    for package in 0..packages {
        let manifest = format!(
            "[package]\nname = \"bench-p{package}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             plugin-contracts = {{ path = {dependency:?} }}\n"
        );
        write(&format!("p{package}/Cargo.toml"), &manifest);
        let mut source = format!("use plugin_contracts::{{PluginType, plugin_contract}};\n{TYPES}");
        for number in 0..contracts {
            let attribute =
                format!("#[plugin_contract(id = \"bench.p{package}.c{number}\", version = \"1.0.0\")]\n");
            source += &(attribute + &contract(number, methods));
        }
        write(&format!("p{package}/src/lib.rs"), &source);
    }
}
