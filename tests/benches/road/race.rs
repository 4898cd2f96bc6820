//! Things timed side by side: batch after batch in turn, so that what disturbs one disturbs the others as well.
//!
//! In: named calls. Out: medians, and ratios within a round. It does not know what it times.

use std::hint::black_box;
use std::time::Instant;

type Batch<'a> = Box<dyn FnMut(u32) + 'a>;

/// What runs side by side.
#[derive(Default)]
pub(crate) struct Race<'a> {
    runners: Vec<(&'static str, Batch<'a>)>,
}

/// How long each took, in nanoseconds a call: a list of rounds for each name.
pub(crate) struct Results {
    times: Vec<(&'static str, Vec<f64>)>,
}

impl<'a> Race<'a> {
    pub(crate) fn with<T>(mut self, name: &'static str, mut call: impl FnMut() -> T + 'a) -> Self {
        let batch = move |calls| (0..calls).for_each(|_| drop(black_box(call())));
        self.runners.push((name, Box::new(batch)));
        self
    }

    /// Runs every runner in every round, each time another one first.
    pub(crate) fn run(mut self, rounds: usize, calls: u32) -> Results {
        let mut times: Vec<_> = self.runners.iter().map(|(name, _)| (*name, vec![0.0; rounds])).collect();
        let count = self.runners.len();
        for round in 0..rounds {
            for turn in 0..count {
                let at = (round + turn) % count;
                let start = Instant::now();
                (self.runners[at].1)(calls);
                times[at].1[round] = start.elapsed().as_nanos() as f64 / f64::from(calls);
            }
        }
        Results { times }
    }
}

impl Results {
    fn of(&self, name: &str) -> &[f64] {
        let found = self.times.iter().find(|(known, _)| *known == name);
        &found.unwrap_or_else(|| panic!("nobody called `{name}` ran")).1
    }

    /// Whether it ran.
    #[allow(dead_code, reason = "asked by the bench of peers, which includes this file")]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.times.iter().any(|(known, _)| *known == name)
    }

    /// Nanoseconds a call.
    pub(crate) fn nanoseconds(&self, name: &str) -> f64 {
        median(self.of(name).to_vec())
    }

    /// How many times as long as `base`.
    pub(crate) fn ratio(&self, name: &str, base: &str) -> f64 {
        median(self.of(name).iter().zip(self.of(base)).map(|(time, base)| time / base).collect())
    }

    /// How many nanoseconds a call more than `base`.
    pub(crate) fn over(&self, name: &str, base: &str) -> f64 {
        median(self.of(name).iter().zip(self.of(base)).map(|(time, base)| time - base).collect())
    }

    /// All of them, for a footnote.
    pub(crate) fn footnote(&self, of: &str) -> String {
        let each = self.times.iter().map(|(name, times)| format!("{name} {:.2}", median(times.clone())));
        format!("{of}, ns: {}", each.collect::<Vec<_>>().join(", "))
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
