//! Things timed side by side: round after round in turn, so that what disturbs one disturbs the others as well.
//!
//! In: for each side something that says how long each of some runs took. Out: medians, and ratios within a round. It does not know
//! what it times.

use std::hint::black_box;
use std::time::Instant;

/// How long each run of a round took, in nanoseconds.
pub(crate) type Times = Vec<f64>;

type Runner<'a> = Box<dyn FnMut() -> Times + 'a>;

/// What runs side by side.
#[derive(Default)]
pub(crate) struct Race<'a> {
    runners: Vec<(&'static str, Runner<'a>)>,
}

/// For each side the times of each round, sorted.
pub(crate) struct Results(Vec<(&'static str, Vec<Times>)>);

impl<'a> Race<'a> {
    /// A side that times its runs itself.
    pub(crate) fn with(mut self, name: &'static str, round: impl FnMut() -> Times + 'a) -> Self {
        self.runners.push((name, Box::new(round)));
        self
    }

    /// Calls in a row, timed together: what the clock takes is no part of it.
    pub(crate) fn with_batch<T>(
        self,
        name: &'static str,
        calls: u32,
        mut call: impl FnMut() -> T + 'a,
    ) -> Self {
        self.with(name, move || {
            let start = Instant::now();
            (0..calls).for_each(|_| drop(black_box(call())));
            vec![start.elapsed().as_nanos() as f64 / f64::from(calls)]
        })
    }

    /// Calls that are timed one by one. What they return is dropped outside of the time.
    pub(crate) fn with_each<T>(
        self,
        name: &'static str,
        calls: u32,
        mut call: impl FnMut() -> T + 'a,
    ) -> Self {
        self.with(name, move || {
            let time = |_| {
                let start = Instant::now();
                let made = black_box(call());
                let time = start.elapsed().as_nanos() as f64;
                drop(made);
                time
            };
            (0..calls).map(time).collect()
        })
    }

    /// Runs every side in every round, each time another one first. A round before them is not counted.
    pub(crate) fn run(mut self, rounds: usize) -> Results {
        let mut all: Vec<_> = self.runners.iter().map(|(name, _)| (*name, Vec::new())).collect();
        let count = self.runners.len();
        for round in 0..=rounds {
            for turn in 0..count {
                let at = (round + turn) % count;
                let mut times = (self.runners[at].1)();
                times.sort_by(f64::total_cmp);
                if round > 0 {
                    all[at].1.push(times);
                }
            }
        }
        Results(all)
    }
}

/// Which of a round's times.
#[derive(Clone, Copy)]
pub(crate) enum Of {
    Median,
    /// What 99 of 100 do not exceed.
    P99,
}

impl Of {
    fn pick(self, sorted: &[f64]) -> f64 {
        let part = match self {
            Self::Median => 0.5,
            Self::P99 => 0.99,
        };
        sorted[((sorted.len() - 1) as f64 * part).round() as usize]
    }
}

impl Results {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == name)
    }

    fn of(&self, name: &str, of: Of) -> Times {
        let found = self.0.iter().find(|(known, _)| *known == name);
        let (_, rounds) = found.unwrap_or_else(|| panic!("nobody called `{name}` ran"));
        rounds.iter().map(|times| of.pick(times)).collect()
    }

    /// Nanoseconds: the median over all rounds.
    pub(crate) fn nanoseconds(&self, name: &str, of: Of) -> f64 {
        median(self.of(name, of))
    }

    /// How many times as long as `base`: the median of the ratio within a round.
    pub(crate) fn ratio(&self, name: &str, base: &str, of: Of) -> f64 {
        let times = self.of(name, of).into_iter().zip(self.of(base, of));
        median(times.map(|(time, base)| time / base).collect())
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
