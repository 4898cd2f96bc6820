//! What the road costs: calls, loads, sizes and builds, each against the same thing done by hand, side by side.
//!
//! In: the fixtures `bench-plugin`, `bench-raw` and those beside them, built like a release. Out: a table of ratios with their goals. It
//! asserts nothing about time: machines differ, and a loaded one differs from itself.
//!
//! ```text
//! cargo bench -p plugin-tests --bench road [-- calls|loads|builds]
//! ```

#[path = "road/builds.rs"]
mod builds;
#[path = "road/calls.rs"]
mod calls;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/bench-contract/src/lib.rs"]
pub mod contract;
#[path = "road/copies.rs"]
mod copies;
#[path = "road/loads.rs"]
mod loads;
#[path = "road/race.rs"]
mod race;
#[path = "road/raw.rs"]
mod raw;
#[path = "road/table.rs"]
mod table;

use builds::Built;
use table::Table;

type Part = fn(&Built, &mut Table);

fn main() {
    let args: Vec<_> = std::env::args().skip(1).collect();
    // `cargo test --benches` starts us too, to see that we start.
    if !args.iter().any(|arg| arg == "--bench") {
        return;
    }
    let parts: [(&str, Part); 3] =
        [("calls", calls::measure), ("loads", loads::measure), ("builds", builds::measure)];
    let named = |part: &str| args.iter().any(|arg| arg == part);
    let all = !parts.iter().any(|(part, _)| named(part));
    let built = builds::fixtures();
    let mut table = Table::default();
    for (_, measure) in parts.iter().filter(|(part, _)| all || named(part)) {
        measure(&built, &mut table);
    }
    print!("{table}");
}
