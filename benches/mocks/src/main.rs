//! `cargo run --release --manifest-path benches/mocks/Cargo.toml`: what mocks of ten traits of twenty methods cost, by four
//! means, in one run.
//!
//! In: nothing. Out: a table, printed and written to `docs/mocks-numbers.md`. Each side is a package of its own, written to
//! `target/sides`; it is built with the same flags, in turns, and what counts is CPU time of cargo and all its children. With the
//! argument `calls` only calls are measured, and nothing is written; any other argument is the number of rounds.

mod calls;
mod measure;
mod sides;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs, io};

use crate::measure::{Builder, Measured};
use crate::sides::Side;

/// What `perf record` and a loop over each part say of one call, optimized; measured by hand when the run-time changed last.
const PROFILE: &str = "
## Where the time of a call goes

Without the log, `add(u64, u64)`: counting the call exactly is 2.1 ns here, and locking a closure that one thread at a time may run, calling it
and letting it go 4.4, measured alone; both are 6.5 of the 15. The rest is predicates, which are called through a pointer each, arguments that
are passed on by their address, and asking whether the closure runs further up the stack. 0.12 times mockall would be 1.7 ns, less than
counting the call.

With the log, by `perf record` of `get(&str)`: a fifth is moving the call into the log behind its lock, a quarter malloc and free of the
argument's copy and of the log's own memory, a sixth matching and the closure, 6 % the number that puts calls in order; the rest is comparing,
and copying the result. What is of an author's type, or a `Result`, is kept behind an `Arc`, one more allocation: that is `put`.

What was there and is gone: the clock, 23 ns a call, which `with_times()` switches on; and a call that was moved twice between where it was made
and the log, and waited for each time (8 ns).
";

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rounds = env::args().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(7);
    let work = root.join("target/sides");
    if env::args().nth(1).is_some_and(|word| word == "calls") {
        print!("{}", calls::table(&work, root)?);
        return Ok(());
    }
    let mut sides = Vec::new();
    for side in Side::ALL {
        side.write(&work, root)?;
        sides.push((side, Builder::new(&work, side.name())));
    }
    let (mut checks, mut tests) =
        (vec![Measured::default(); sides.len()], vec![Measured::default(); sides.len()]);
    for round in 0..=rounds {
        for (at, (_, builder)) in sides.iter().enumerate() {
            let (check, test) = (builder.check()?, builder.test_build(round)?);
            // The first round builds what the others find.
            if round > 0 {
                checks[at].add(check);
                tests[at].add(test);
            }
        }
        eprintln!("round {round} of {rounds}");
    }
    let text = table(&sides, &checks, &tests)? + &calls::table(&work, root)? + PROFILE;
    print!("{text}");
    let rustc = Command::new("rustc").arg("--version").output()?.stdout;
    let head = format!(
        "# What mocks cost\n\nMocks of ten traits of twenty methods, by ours and three others, in one run of \
         `cargo run --release --manifest-path benches/mocks/Cargo.toml`, with {}; the smallest of {rounds}. The ratios are what \
         carries over to other machines.\n\n",
        String::from_utf8_lossy(&rustc).trim()
    );
    fs::write(root.join("../../docs/mocks-numbers.md"), head + &text)
}

/// Builds, a side a line.
fn table(sides: &[(Side, Builder)], checks: &[Measured], tests: &[Measured]) -> io::Result<String> {
    let mut text = String::from(
        "## Builds\n\nA leaf crate with the traits and their mocks; a leaf crate with thirty tests of them, one of which changed.\n\n",
    );
    text += "| | external crates | `cargo check`, CPU s | × mockall | × mry | test build, incremental, CPU s | × mry |\n| --- | --- | --- | --- | --- | --- | --- |\n";
    let of = |name: &str| sides.iter().position(|(side, _)| side.name() == name).expect("it is a side");
    let (mockall, mry) = (of("mockall"), of("mry"));
    for (at, (side, builder)) in sides.iter().enumerate() {
        let (check, test) = (checks[at].least(), tests[at].least());
        let crates = builder.external_crates()?;
        let _ = writeln!(
            text,
            "| {} | {crates} | {check:.2} | {:.3} | {:.2} | {test:.2} | {:.2} |",
            side.title(),
            check / checks[mockall].least(),
            check / checks[mry].least(),
            test / tests[mry].least(),
        );
    }
    text += "\nThe 4 crates beside ours are those of the contract's macros: syn, quote, proc-macro2, unicode-ident. The mock brings none, and \
             where it is checked in no macro runs for it.\n\n";
    Ok(text)
}
