//! A mock that several threads call.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use plugin_contracts::mock::{Sequence, always, eq};

use crate::panic_of;
use crate::vault::{MockVault, Vault};

const THREADS: u64 = 8;
const CALLS: u64 = 500;

#[test]
fn eight_threads_are_counted_exactly() {
    let mut vault = MockVault::new();
    let total = usize::try_from(THREADS * CALLS).expect("it is small");
    vault
        .expect_get()
        .with(eq("k"), always())
        .times(total)
        .returning(|_, depth| Some(depth.to_le_bytes().to_vec()));
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let vault = &vault;
            scope.spawn(move || {
                for call in 0..CALLS {
                    let depth = thread * CALLS + call;
                    assert_eq!(
                        vault.get("k", depth),
                        Some(depth.to_le_bytes().to_vec()),
                        "each gets its own answer"
                    );
                }
            });
        }
    });
    assert_eq!(vault.verify(), Ok(()));
    let calls = vault.get_calls();
    assert_eq!(calls.len(), total);
    assert!(calls.is_sorted_by(|one, other| one.order < other.order), "each has an order of its own");
    assert_eq!(calls.iter().map(|call| call.args.1).collect::<HashSet<_>>().len(), total);
    assert_eq!(calls.iter().map(|call| call.thread).collect::<HashSet<_>>().len(), 8);
    let said = panic_of(|| vault.get("k", 0));
    assert!(said.contains("called 4000 of 4000"), "{said}");
    assert!(vault.verify().is_err());
}

#[test]
fn no_thread_gets_more_than_there_is() {
    let mut vault = MockVault::new();
    vault.expect_get().times(..=100).returning(|_, _| Some(vec![]));
    let (admitted, refused) = (AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..20 {
                    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| vault.get("k", 0))) {
                        Ok(_) => admitted.fetch_add(1, Ordering::Relaxed),
                        Err(_) => refused.fetch_add(1, Ordering::Relaxed),
                    };
                }
            });
        }
    });
    assert_eq!((admitted.into_inner(), refused.into_inner()), (100, 60));
    assert!(vault.verify().is_err(), "sixty calls were unexpected");
    assert_eq!(vault.verify(), Ok(()));
}

#[test]
fn a_sequence_lets_one_thread_pass_at_a_time() {
    let (mut vault, mut order) = (MockVault::new(), Sequence::new());
    for depth in 0..THREADS {
        vault.expect_get().with(always(), eq(depth)).in_sequence(&mut order).returning(|_, _| None);
    }
    thread::scope(|scope| {
        for depth in 0..THREADS {
            let vault = &vault;
            scope.spawn(move || {
                // Until its turn comes a call is refused.
                while std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| vault.get("k", depth)))
                    .is_err()
                {
                    thread::yield_now();
                }
            });
        }
    });
    let _ = vault.verify();
    let answered: Vec<_> = vault.get_calls().into_iter().filter(|call| call.result.is_some()).collect();
    assert_eq!(answered.iter().map(|call| call.args.1).collect::<Vec<_>>(), (0..THREADS).collect::<Vec<_>>());
    assert_eq!(vault.verify(), Ok(()));
}

#[test]
fn closures_of_two_methods_may_call_each_other_across_threads() {
    let mut vault = MockVault::new();
    vault.expect_count().times(..).returning(|| 1);
    vault.expect_each().times(..).returning(|visit| visit("k"));
    let vault = &vault;
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(move || {
                for _ in 0..CALLS {
                    assert_eq!(vault.each(&|_| vault.count()), 1);
                }
            });
        }
    });
}
