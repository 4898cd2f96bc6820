//! What mocks say: every situation in one golden, so that it can be read from above to below.

use std::fmt::Write as _;

use plugin_contracts::Sink;
use plugin_contracts::mock::{Sequence, always, both, eq, function, in_range, ne, not, str};

use crate::panic_of;
use crate::vault::{Entry, MockVault, Secret, Vault};

/// Runs each, and writes down what it panics with; places are lines from the title on.
macro_rules! situations {
    ($text:ident; $($title:literal => $body:block)*) => {$(
        let first = line!();
        // A mock that was told of an unexpected call would tell it again when it is dropped.
        let said = panic_of(|| $body);
        let _ = write!($text, "## {}\n{}\n\n", $title, placed(&said, first));
    )*};
}

/// `messages.rs:+2:9` for the place two lines below.
fn placed(said: &str, first: u32) -> String {
    let mut text = String::new();
    let mut rest = said;
    while let Some(at) = rest.find(file!()) {
        text += &rest[..at];
        rest = &rest[at + file!().len() + 1..];
        let digits = rest.find(':').expect("a column follows");
        let line: u32 = rest[..digits].parse().expect("a line");
        let _ = write!(text, "messages.rs:+{}", i64::from(line) - i64::from(first));
        rest = &rest[digits..];
    }
    text + rest
}

fn long(middle: &str) -> String {
    format!("{}{middle}{}", "all of this is the same ".repeat(3), " and so is all of this".repeat(3))
}

#[test]
#[rustfmt::skip]
fn what_is_said() {
    let mut text = String::new();
    let secret = || Secret { word: "xyzzy".to_owned() };
    situations! { text;
        "a wrong argument" => {
            let mut vault = MockVault::new();
            vault.expect_put().with(str::starts_with("a/"), eq([1, 2])).times(1..=2).returning(|_, _| ());
            vault.put("a/b", &[1, 2]);
            vault.put("a/b", &[1, 2, 3]);
        }
        "the closest of several" => {
            let mut vault = MockVault::new();
            vault.expect_get().with(eq("z"), eq(9_u64)).returning(|_, _| None);
            vault.expect_get().with(eq("k"), in_range(1..3)).returning(|_, _| None);
            vault.expect_get().with(ne("k"), always()).returning(|_, _| None);
            vault.get("k", 7);
        }
        "the first of two that are equally close" => {
            let mut vault = MockVault::new();
            vault.expect_get().with(eq("a"), always()).returning(|_, _| None);
            vault.expect_get().with(eq("b"), always()).returning(|_, _| None);
            vault.get("c", 7);
        }
        "too many calls" => {
            let mut vault = MockVault::new();
            vault.expect_get().with(eq("k"), always()).times(2).returning(|_, _| None);
            for _ in 0..3 {
                vault.get("k", 1);
            }
        }
        "too few calls when it is dropped" => {
            let mut vault = MockVault::new();
            vault.expect_get().with(eq("k"), always()).times(2).returning(|_, _| None);
            vault.get("k", 1);
        }
        "several things that did not come" => {
            let mut vault = MockVault::new();
            vault.expect_put().times(2..);
            vault.expect_ping();
            vault.expect_count().times(..);
        }
        "a range of calls is not met" => {
            let mut vault = MockVault::new();
            vault.expect_ping().times(3..=5);
            vault.ping();
        }
        "out of order" => {
            let (mut vault, mut order) = (MockVault::new(), Sequence::new());
            vault.expect_put().in_sequence(&mut order);
            vault.expect_ping().in_sequence(&mut order);
            vault.ping();
        }
        "out of order, behind" => {
            let (mut vault, mut order) = (MockVault::new(), Sequence::new());
            vault.expect_put().times(1..).in_sequence(&mut order);
            vault.expect_ping().in_sequence(&mut order);
            vault.put("k", &[]);
            vault.ping();
            vault.put("k", &[]);
        }
        "out of order, of another mock" => {
            let (mut one, mut two, mut order) = (MockVault::new(), MockVault::new(), Sequence::new());
            one.expect_ping().times(2).in_sequence(&mut order);
            two.expect_ping().in_sequence(&mut order);
            one.ping();
            two.ping();
        }
        "nothing was expected" => { MockVault::new().put("k", &[1, 2]) }
        "no arguments" => { MockVault::new().ping() }
        "after a checkpoint" => {
            let mut vault = MockVault::new();
            vault.checkpoint();
            vault.ping();
        }
        "a checkpoint that is not met" => {
            let mut vault = MockVault::new();
            vault.expect_ping();
            vault.checkpoint();
        }
        "an argument that cannot be shown" => { MockVault::new().hide(secret()) }
        "an argument that cannot be shown, and a closure that looks at it" => {
            let mut vault = MockVault::new();
            vault.expect_hide().with(function(|secret: &Secret| secret.word == "x")).returning(|_| 1);
            vault.hide(secret())
        }
        "an argument of an author's type" => {
            let mut vault = MockVault::new();
            let wanted = Entry { key: "k".to_owned(), size: 1 };
            vault.expect_add().with(eq(wanted)).returning(Ok);
            vault.add(Entry { key: "k".to_owned(), size: 2 })
        }
        "a huge buffer" => {
            let mut vault = MockVault::new();
            vault.expect_put().with(always(), eq(vec![0; 1 << 20]));
            vault.put("k", &vec![7; 1 << 20]);
        }
        "a huge buffer that differs far behind" => {
            let mut vault = MockVault::new();
            let (wanted, mut got) = (vec![0; 4096], vec![0; 4096]);
            got[4000] = 1;
            vault.expect_put().with(always(), eq(wanted));
            vault.put("k", &got);
        }
        "a long text" => { MockVault::new().get(&"ä".repeat(5000), 0) }
        "long texts that differ" => {
            let mut vault = MockVault::new();
            vault.expect_get().with(eq(long("one")), always()).returning(|_, _| None);
            vault.get(&long("two"), 0)
        }
        "long texts that differ at the start" => {
            let mut vault = MockVault::new();
            vault.expect_get().with(eq(format!("b{}", long("one"))), always()).returning(|_, _| None);
            vault.get(&format!("a{}", long("one")), 0)
        }
        "long texts of which one is longer" => {
            let mut vault = MockVault::new();
            vault.expect_get().with(eq(long("")), always()).returning(|_, _| None);
            vault.get(&(long("") + "!"), 0)
        }
        "texts of several lines" => {
            let mut vault = MockVault::new();
            vault.expect_get().with(eq("one\ntwo\nthree\nfour\nfive\nsix\nseven"), always()).returning(|_, _| None);
            vault.get("one\ntwo\nthree\nfore\nfive\nsix\nseven", 0)
        }
        "a closure that looks at all" => {
            let mut vault = MockVault::new();
            vault.expect_get().withf(|key, depth| key.len() as u64 == *depth).returning(|_, _| None);
            vault.get("k", 7)
        }
        "what is never called" => {
            let mut vault = MockVault::new();
            vault.expect_get().with(eq("k"), always()).never();
            vault.expect_get().times(..).returning(|_, _| None);
            vault.get("other", 1);
            vault.get("k", 1)
        }
        "a closure that is called by itself" => {
            let mut vault = MockVault::new();
            vault.expect_each().times(..).returning(|visit| visit("again"));
            let vault = &vault;
            vault.each(&|_| vault.each(&|_| 1))
        }
        "a closure that stays on its thread" => {
            let mut vault = MockVault::new();
            vault.expect_ping().returning_st(|| ());
            let vault = &vault;
            let other = std::thread::scope(|scope| scope.spawn(|| panic_of(|| vault.ping())).join());
            panic!("{}", other.expect("it was caught"))
        }
        "nothing was said of the result" => {
            let mut vault = MockVault::new();
            vault.expect_get().with(eq("k"), always());
            vault.get("k", 1)
        }
        "no real object" => {
            let mut vault = MockVault::new();
            vault.expect_ping().call_real();
            vault.ping();
        }
        "one result is used up" => {
            let mut vault = MockVault::new();
            vault.expect_get().times(..).return_once(|_, _| None);
            vault.get("k", 1);
            vault.get("k", 1)
        }
        "all results are used up" => {
            let mut vault = MockVault::new();
            vault.expect_get().times(..).return_seq([None]);
            vault.get("k", 1);
            vault.get("k", 1)
        }
        "a lenient mock without a default" => {
            MockVault::lenient().add(Entry { key: "k".to_owned(), size: 2 })
        }
        "a fault that cannot be an error" => {
            let mut vault = MockVault::new();
            vault.expect_ping().fail("out of cheese");
            vault.ping();
        }
        "closures and sinks among the arguments" => {
            let vault = MockVault::new();
            panic!("{}\n{}", panic_of(|| vault.each(&|_| 1)), panic_of(|| vault.read("k", Sink::new(&mut vec![1]))))
        }
        "predicates in predicates" => {
            let mut vault = MockVault::new();
            vault.expect_get().with(both(str::contains("a"), not(str::ends_with("b"))), in_range(..=3)).returning(|_, _| None);
            vault.get("ab", 1)
        }
        "a panic that was caught" => {
            let vault = MockVault::new();
            panic_of(|| vault.ping());
            drop(vault);
        }
        "a call through the trait" => {
            let vault: Box<dyn Vault> = Box::new(MockVault::new());
            vault.ping();
        }
        "an empty range" => {
            MockVault::new().expect_ping().times(5..5);
        }
    }
    insta::assert_snapshot!(text);
}
