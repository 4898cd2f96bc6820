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

`cargo check` is type-checking what is printed, once a method. Of 0.34 s without cargo, 0.05 are the traits, 0.13 the bodies of methods, of which
the half is what a spy and a default body need; 0.07 the functions that expect and look back, the rest the forms of authors' types.

An incremental test build misses mry's by 40 ms. By `-Ztime-passes`, ours and mry's, in ms: linking 92 and 58; LLVM and what leads there 66
and 52; writing down what depended on what 23 and 17; names 16 and 11, because there are 9 600 lines of mock and not 3000 of macro; types, borrows
and lints 33 and 22; reading the source 29 and 51. So the linker is most of what is missing, and a third of what it does is what tells of the program
to debuggers: the same objects linked without it take 58 ms, and 74 where only plugin-abi and plugin-contracts have none. The program has 14 MB and
not 10: the run-time needs few functions of plugin-abi, which are in objects that hold others, of which linker and compiler leave the code out but
not what tells of it. `debug = false` for these two packages in a profile saves the 18 ms.

Of functions the compiler does 2290 for ours and 830 for mry: about 50 for each of the 42 signatures that the tests use, and none for a method
that no test names. They were 2740 before what is logged and answered was told apart by its types, not by its forms, and what messages show of
predicates was left to those that there are; and 9300 while expectations, logs and slots had the types of their method.

## Where the time of a call goes

Without the log, `add(u64, u64)`, optimized, is 17 ns. Measured alone: counting the call exactly is 1.7, taking turns at a closure that one thread at
a time may run 4.3 (std's `Mutex` is the same), a question for a type 1.4, a call through a pointer 1.4, and there are five of the last two: is the
expectation of this method's types, which expectation, its predicates, its closure, and the test's own call. By `perf`, 45 % are finding the
expectation and counting, 28 % the turn and the answer, 8 % each the predicates and the question for the type. mockall has two mutexes and the same count,
and knows its types: 13 ns. 0.12 times mockall would be 1.6 ns, less than counting the call.

As tests are built nothing is inlined, and time goes by functions that are called, none of which has a tenth of it. Those of std's `Mutex` were a sixth:
a turn is taken by one function that is there once. So a call without the log costs 0.8 times mockall's, which locks twice.

With the log, optimized, one allocation keeps the call, 11 ns with its end, and each argument that is not a number one more; what is of an author's
type, or a `Result`, is kept behind an `Arc`, one more: that is `put`, which allocates four times. The rest are the call's number, the
thread's, and a lock that is the log's. 0.25 times mockall would be 3 to 5 ns, less than the allocation.

Through a `.so` a call crosses twice, from the host into the library and from there into the test: what is added to the same call without it are
two shims with their guards against panics, two looks at the poison flag, and a look at the desk for who answers now, 10 ns of `add`. 0.35 times mockall
would be 5 ns, less than the counting and the turn.

What was there and is gone: the clock, 23 ns a call, which `with_times()` switches on; calls that were moved in pieces between where they were
made and the log, and results between the closure and their caller, which are waited for each time (8 ns and more: `put` was 49); predicates and
closures that were asked for their types each.
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
