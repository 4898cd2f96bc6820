//! One call by each, and by ours with the log and without, called and through the library that `mock-so` built of the contract,
//! whose path is the argument.

use std::hint::black_box;
use std::ops::Deref;
use std::time::Instant;

use plugin_host::{MockPlugin, Plugin};
use side_store as ours;

mod mockall_ {
    #[mockall::automock]
    pub trait Store: Send + Sync {
        fn get(&self, key: &str) -> Option<u64>;
        fn put(&self, key: &str, value: &[u8]) -> Result<(), String>;
        fn add(&self, a: u64, b: u64) -> u64;
    }
}

mod mry_ {
    #[mry::mry]
    pub trait Store: Send + Sync {
        fn get(&self, key: &str) -> Option<u64>;
        fn put(&self, key: &str, value: &[u8]) -> Result<(), String>;
        fn add(&self, a: u64, b: u64) -> u64;
    }
}

mod unimock_ {
    #[unimock::unimock(api = M)]
    pub trait Store: Send + Sync {
        fn get(&self, key: &str) -> Option<u64>;
        fn put(&self, key: &str, value: &[u8]) -> Result<(), String>;
        fn add(&self, a: u64, b: u64) -> u64;
    }
}

/// A mock, and a host's plugin that asks it.
struct Through {
    plugin: Plugin<dyn ours::Store>,
    _mock: ours::MockStore,
}

impl Deref for Through {
    type Target = dyn ours::Store;

    fn deref(&self) -> &Self::Target {
        &*self.plugin
    }
}

/// Mocks are made anew, so that a log does not grow without end.
const CALLS: u32 = 200;

fn time<M>(make: impl Fn() -> M, call: impl Fn(&M)) -> f64 {
    let mut least = f64::MAX;
    for _ in 0..300 {
        let mock = make();
        let start = Instant::now();
        (0..CALLS).for_each(|_| call(&mock));
        least = least.min(start.elapsed().as_nanos() as f64 / f64::from(CALLS));
    }
    least
}

fn main() {
    use mockall::predicate;
    use plugin_contracts::mock::eq;
    let ours = |log: bool| {
        move || {
            let mock = ours::MockStore::new();
            let mut mock = if log { mock } else { mock.without_log() };
            mock.expect_get().with(eq("k")).times(..).returning(|_| Some(1));
            mock.expect_put().with(eq("k"), eq([1; 16])).times(..).returning(|_, _| Ok(()));
            mock.expect_add().with(eq(1), eq(2)).times(..).returning(|a, b| a + b);
            mock
        }
    };
    let mockall = || {
        let mut mock = mockall_::MockStore::new();
        mock.expect_get().with(predicate::eq("k")).returning(|_| Some(1));
        mock.expect_put().with(predicate::eq("k"), predicate::eq([1; 16])).returning(|_, _| Ok(()));
        mock.expect_add().with(predicate::eq(1), predicate::eq(2)).returning(|a, b| a + b);
        mock
    };
    let mry = || {
        let mut mock = mry_::MockStore::default();
        mock.mock_get("k").returns_with(|_| Some(1));
        mock.mock_put("k", mry::Any).returns_with(|_, _| Ok(()));
        mock.mock_add(1, 2).returns_with(|a, b| a + b);
        mock
    };
    let unimock = || {
        use unimock::*;
        Unimock::new((
            unimock_::M::get.each_call(matching!("k")).answers(&|_, _| Some(1)),
            unimock_::M::put.each_call(matching!("k", _)).answers(&|_, _, _| Ok(())),
            unimock_::M::add.each_call(matching!(1, 2)).answers(&|_, a, b| a + b),
        ))
        .no_verify_in_drop()
    };
    let path = std::env::args().nth(1).expect("the path of the library");
    // SAFETY: the bench has just built it.
    let library =
        unsafe { MockPlugin::<dyn ours::Store>::open(&path) }.expect("it is a mock of the contract");
    let through = |log: bool| {
        let (library, path, make) = (&library, &path, ours(log));
        move || {
            let mock = make();
            library.program(&mock);
            // SAFETY: as above.
            let plugin = unsafe { Plugin::load(path) }.expect("it loads");
            Through { plugin, _mock: mock }
        }
    };
    let value = [1_u8; 16];
    macro_rules! line {
        ($title:literal, $make:expr, $module:ident, $than:expr) => {{
            use $module::Store as _;
            let get = time(&$make, |mock| drop(black_box(mock.get(black_box("k")))));
            let put = time(&$make, |mock| drop(black_box(mock.put(black_box("k"), black_box(&value)))));
            let add = time(&$make, |mock| {
                black_box(mock.add(black_box(1), black_box(2)));
            });
            let than: [f64; 3] = $than.unwrap_or([get, put, add]);
            let times =
                [get / than[0], put / than[1], add / than[2]].map(|times| format!("{times:.2}")).join(", ");
            println!("| {} | {get:.0} | {put:.0} | {add:.0} | {times} |", $title);
            [get, put, add]
        }};
    }
    println!(
        "| | `get(&str)` | `put(&str, &[u8])` | `add(u64, u64)` | × mockall |\n| --- | --- | --- | --- | --- |"
    );
    let than = Some(line!("mockall 0.15", mockall, mockall_, None));
    line!("unimock 0.6", unimock, unimock_, than);
    line!("mry 0.16", mry, mry_, than);
    line!("**ours**, with the log", ours(true), ours, than);
    line!("**ours**, `without_log()`", ours(false), ours, than);
    line!("**ours** through a `.so`, with the log", through(true), ours, than);
    line!("**ours** through a `.so`, `without_log()`", through(false), ours, than);
    let mut least = u128::MAX;
    for _ in 0..100 {
        let start = Instant::now();
        (0..100).for_each(|_| drop(black_box(Instant::now())));
        least = least.min(start.elapsed().as_nanos() / 100);
    }
    println!("\nReading the clock, which the log does under `with_times()`, is {least} ns more.");
}
