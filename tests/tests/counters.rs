//! A table with a value for each processor, of a value and of a library, which have one. In the kernel it has more: the test `ebpf`.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/counters.rs"]
pub mod counters;

use counters::{Counters, Counts, MockCounters};
use plugin_contracts::kernel::{KernelError, PerCpu};
use plugin_host::Plugin;
use plugin_tests::fixture;

fn loaded() -> Plugin<dyn Counters> {
    // SAFETY: the file is built by this test.
    unsafe { Plugin::load(fixture("counters")) }.expect("it loads")
}

#[test]
fn a_value_and_a_library_keep_one_value() {
    for counters in [loaded(), Plugin::linked(Counts::new())] {
        let hits = counters.hits();
        assert_eq!((counters.count(5), counters.count(5), counters.count(6)), (0, 0, 0));
        assert_eq!((hits.get(&5), hits.get(&7), hits.capacity()), (Ok(Some(vec![2])), Ok(None), 2));
        assert_eq!(hits.insert(&7, &1), Err(KernelError::Full(2)));
        assert_eq!(hits.remove(&6), Ok(true));
        hits.insert(&7, &40).expect("there is room again");
        counters.count(7);
        assert_eq!(hits.entries(), Ok(vec![(5, vec![2]), (7, vec![41])]));
        // What it hands out outlives the call that did.
        assert_eq!(counters.hits().get(&7), hits.get(&7));
    }
}

#[test]
fn a_mock_hands_out_a_table_too() {
    let table = PerCpu::new(1);
    table.insert(&1, &9).expect("there is room");
    let mut mock = MockCounters::new();
    mock.expect_hits().return_const(table);
    let counters = Plugin::<dyn Counters>::linked(mock);
    assert_eq!(counters.hits().get(&1), Ok(Some(vec![9])));
}
