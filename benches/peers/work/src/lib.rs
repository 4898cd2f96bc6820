//! What every plugin does behind its interface, so that only those differ.

/// Three values to read, and a place to write one. The values are statics: making them is no part of a load.
#[derive(Debug, Default)]
pub struct Table {
    kept: Vec<u8>,
}

static SHORT: [u8; 16] = [7; 16];
static LONG: [u8; 4000] = [7; 4000];
static PAGE: [u8; 4096] = [7; 4096];

impl Table {
    /// The sum.
    #[must_use]
    pub fn sum(&self, a: u64, b: u64) -> u64 {
        a.wrapping_add(b)
    }

    /// 16 bytes under `short`, 4,000 under `long`, 4 KiB under `page`, else none.
    #[must_use]
    pub fn value(&self, key: &str) -> &'static [u8] {
        match key {
            "short" => &SHORT,
            "long" => &LONG,
            "page" => &PAGE,
            _ => &[],
        }
    }

    /// Keeps the value, in memory that is there already after the first time.
    pub fn keep(&mut self, key: &str, value: &[u8]) {
        if key == "kept" {
            self.kept.clear();
            self.kept.extend_from_slice(value);
        }
    }

    /// Calls back for each number below `times`, and adds up.
    pub fn each(&self, times: u64, visit: impl Fn(u64) -> u64) -> u64 {
        (0..times).fold(0, |sum, number| sum.wrapping_add(visit(number)))
    }
}

/// An object that is handed out.
#[derive(Debug)]
pub struct Count(u64);

impl Count {
    /// Begins behind `from`.
    #[must_use]
    pub fn new(from: u64) -> Self {
        Self(from)
    }

    /// The next number.
    pub fn step(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}
