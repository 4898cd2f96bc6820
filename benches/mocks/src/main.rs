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

/// What `-Ztime-passes`, `-Zprint-mono-items` and `perf record` say; looked at by hand when the run-time changed last.
const PROFILE: &str = "
## Where the time of a build goes

`cargo check` is type-checking what is printed: a method is in it twice, for the mock of its contract and for those of contracts that are
built on it, which is 0.15 s of 200 methods.

Of an incremental test build the compiler does 2700 functions for ours and 830 for mry: about 60 for each of the 42 signatures that the tests
use, of which a third is what messages show, and none for a method that no test names. They were 9300 while expectations, logs and slots
had the types of their method. By `-Ztime-passes`, ours and mry's, in ms: linking 94 and 59, because the program has 14 MB and not 11, with what
tells of it to debuggers; LLVM and what leads there 71 and 57; writing down what depended on what 29 and 18; names 33 and 11, because
there are 13 000 lines of mock and not 3000 of macro; types, borrows and lints 40 and 22; reading the source 43 and 52. What is left over
mry's is what the log keeps of each type, and predicates that show what they compare.

## Where the time of a call goes

Without the log, `add(u64, u64)`, optimized: counting the call exactly is 2.1 ns here, and locking a closure that one thread at a time may run,
calling it and letting it go 4.4, measured alone. 0.12 times mockall would be 1.7 ns, less than counting the call. Some 10 ns are the price of
the build: expectations have no type, so that predicates and closure are asked through a pointer whether they are those of this method.

With the log, one allocation keeps the call, and each argument that is not a number one more; what is of an author's type, or a `Result`, is
kept behind an `Arc`: that is `put`. Moving the call into the log is moving its address.

Through a `.so` a call crosses twice, from the host into the library and from there into the test: what is added to the same call without it are
two shims with their guards against panics, two looks at the poison flag, and a look at the desk for who answers now. 0.35 times mockall would be 5 ns,
less than the counting and the lock of the closure.

What was there and is gone: the clock, 23 ns a call, which `with_times()` switches on; and calls that were moved in pieces between where they were
made and the log, and waited for each time (8 ns).
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
