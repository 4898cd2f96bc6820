//! Any expectations and any calls, beside a model so simple that it can be seen to be right.

use std::panic::{AssertUnwindSafe, catch_unwind};

use plugin_contracts::mock::{Predicate, Sequence, always, eq, in_range, str};
use proptest::prelude::*;

use crate::vault::{MockVault, Vault};

#[derive(Clone, Copy, Debug)]
enum Key {
    Any,
    Is(&'static str),
    Starts(&'static str),
}

#[derive(Clone, Copy, Debug)]
enum Depth {
    Any,
    Is(u64),
    Below(u64),
}

#[derive(Clone, Debug)]
struct Wanted {
    key: Key,
    depth: Depth,
    least: usize,
    most: usize,
    ordered: bool,
}

impl Wanted {
    fn is_about(&self, key: &str, depth: u64) -> bool {
        let key = match self.key {
            Key::Any => true,
            Key::Is(wanted) => key == wanted,
            Key::Starts(start) => key.starts_with(start),
        };
        key && match self.depth {
            Depth::Any => true,
            Depth::Is(wanted) => depth == wanted,
            Depth::Below(end) => depth < end,
        }
    }
}

/// Who answers each call, and whose calls did not come.
fn model(wanted: &[Wanted], calls: &[(&str, u64)]) -> (Vec<Option<usize>>, Vec<usize>) {
    let mut counts = vec![0; wanted.len()];
    let mut answers = Vec::new();
    for (key, depth) in calls {
        let mut answer = None;
        for (at, one) in wanted.iter().enumerate() {
            if !one.is_about(key, *depth) {
                continue;
            }
            if one.most == 0 {
                break;
            }
            let before = (0..at).all(|other| !wanted[other].ordered || counts[other] >= wanted[other].least);
            let behind = (at + 1..wanted.len()).all(|other| !wanted[other].ordered || counts[other] == 0);
            if counts[at] < one.most && (!one.ordered || (before && behind)) {
                counts[at] += 1;
                answer = Some(at);
                break;
            }
        }
        answers.push(answer);
    }
    let unmet = (0..wanted.len()).filter(|at| counts[*at] < wanted[*at].least).collect();
    (answers, unmet)
}

/// The mock's own verdicts.
fn mocked(wanted: &[Wanted], calls: &[(&str, u64)]) -> (Vec<Option<usize>>, Vec<usize>) {
    let (mut vault, mut order) = (MockVault::new(), Sequence::new());
    for (at, one) in wanted.iter().enumerate() {
        let key: Box<dyn Predicate<str>> = match one.key {
            Key::Any => Box::new(always()),
            Key::Is(key) => Box::new(eq(key)),
            Key::Starts(start) => Box::new(str::starts_with(start)),
        };
        let depth: Box<dyn Predicate<u64>> = match one.depth {
            Depth::Any => Box::new(always()),
            Depth::Is(depth) => Box::new(eq(depth)),
            Depth::Below(end) => Box::new(in_range(..end)),
        };
        let id = u8::try_from(at).expect("they are few");
        let one_more = vault.expect_get().with(key, depth).times(one.least..=one.most).return_const(vec![id]);
        if one.ordered {
            one_more.in_sequence(&mut order);
        }
    }
    let answers = calls.iter().map(|(key, depth)| {
        let answer = catch_unwind(AssertUnwindSafe(|| vault.get(key, *depth))).ok()?;
        answer.map(|id| usize::from(id[0]))
    });
    let answers: Vec<_> = answers.collect();
    let told = vault.verify().map_err(|report| report.to_string()).err().unwrap_or_default();
    assert_eq!(told.contains("unexpected call"), answers.contains(&None), "{told}");
    // Told once; what is left is what did not come.
    let left = vault.verify().map_err(|report| report.to_string()).err().unwrap_or_default();
    let unmet = left.lines().count().saturating_sub(1);
    let (_, expected) = model(wanted, calls);
    assert_eq!(unmet, expected.len(), "{left}");
    let logged = vault.get_calls();
    assert_eq!(
        logged.len(),
        answers.iter().flatten().count(),
        "what nobody expects is in the report, not in the log"
    );
    std::mem::forget(vault);
    (answers, expected)
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let key = prop_oneof![
        Just(Key::Any),
        prop::sample::select(vec!["a", "ab", "b"]).prop_map(Key::Is),
        prop::sample::select(vec!["a", "b"]).prop_map(Key::Starts),
    ];
    let depth =
        prop_oneof![Just(Depth::Any), (0..3_u64).prop_map(Depth::Is), (1..3_u64).prop_map(Depth::Below)];
    (key, depth, 0..3_usize, 0..3_usize, any::<bool>()).prop_map(|(key, depth, least, more, ordered)| {
        Wanted { key, depth, least, most: least + more, ordered }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_mock_and_the_model_agree(
        wanted in prop::collection::vec(wanted(), 0..6),
        calls in prop::collection::vec((prop::sample::select(vec!["a", "ab", "b", "c"]), 0..3_u64), 0..12),
    ) {
        prop_assert_eq!(mocked(&wanted, &calls), model(&wanted, &calls));
    }
}
