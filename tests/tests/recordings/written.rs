//! What a method writes to its caller's memory: recorded beside the result, and written again.

use std::fs;

use plugin_contracts::mock::Mock as _;
use plugin_contracts::{PluginType, Sink, plugin_contract};
use serde_json::json;

use crate::{file, lines, panic_of};

/// What is written to its caller's memory, in every form.
#[plugin_contract(id = "recorded.writes", version = "1.0.0", unlocked, mock)]
pub trait Writes: Send + Sync {
    /// Numbers in place.
    fn fill(&self, numbers: &mut [u16]) -> u64;
    /// What may grow, and what is of an author's type.
    fn grow(&mut self, bytes: &mut Vec<u8>, pair: &mut Pair, by: u8);
    /// What is appended to.
    fn pour(&self, name: String, out: Sink<'_>, more: Sink<'_>) -> bool;
    /// Plain data in place.
    fn move_to(&self, points: &mut [Point]);
    /// It writes by another.
    fn twice(&self, out: Sink<'_>) -> u64 {
        let mut more = Vec::new();
        u64::from(self.pour("twice".to_owned(), out, Sink::new(&mut more)))
    }
}

/// Of an author's.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub struct Pair {
    /// One.
    pub left: String,
    /// The other.
    pub right: Option<u8>,
}

/// Shared as bytes.
#[derive(Debug, Clone, Copy, PartialEq, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Point(pub [i32; 2]);

struct Real;

impl Writes for Real {
    fn fill(&self, numbers: &mut [u16]) -> u64 {
        (1..).zip(&mut *numbers).for_each(|(at, number)| *number += at);
        numbers.len() as u64
    }
    fn grow(&mut self, bytes: &mut Vec<u8>, pair: &mut Pair, by: u8) {
        bytes.push(by);
        *pair = Pair { left: pair.left.repeat(2), right: None };
    }
    fn pour(&self, name: String, mut out: Sink<'_>, mut more: Sink<'_>) -> bool {
        out.write(name.as_bytes());
        // More than there is room for, so that the vector moves.
        more.write(&[7; 300]);
        true
    }
    fn move_to(&self, points: &mut [Point]) {
        points[0].0[1] = -9;
    }
}

/// Calls everything, and says what came of it.
#[allow(clippy::type_complexity, reason = "it is all that there is")]
fn use_all(writes: &mut impl Writes) -> (u64, [u16; 2], Vec<u8>, Pair, Vec<u8>, usize, Vec<u8>, [Point; 1]) {
    let (mut numbers, mut bytes) = ([5, 5], vec![1]);
    let mut pair = Pair { left: "ab".to_owned(), right: Some(1) };
    let count = writes.fill(&mut numbers);
    writes.grow(&mut bytes, &mut pair, 9);
    let (mut out, mut more, mut twice) = (b"<".to_vec(), vec![], vec![]);
    assert!(writes.pour("name".to_owned(), Sink::new(&mut out), Sink::new(&mut more)));
    let mut points = [Point([1, 2])];
    writes.move_to(&mut points);
    assert_eq!(writes.twice(Sink::new(&mut twice)), 1);
    (count, numbers, bytes, pair, out, more.len(), twice, points)
}

#[test]
fn what_is_written_to_its_callers_memory_is_written_again() {
    let (_directory, path) = file();
    let mut spy = MockWrites::recording(Box::new(Real), &path).unwrap();
    let written = use_all(&mut spy);
    assert_eq!((written.1, &*written.2, &*written.4, written.5), ([6, 7], &[1, 9][..], &b"<name"[..], 300));
    assert_eq!((&*written.6, written.7), (&b"twice"[..], [Point([1, -9])]));
    let said = lines(&path);
    assert_eq!(
        said[0],
        json!({ "method": "fill", "args": { "numbers": [5, 5] }, "result": 2, "written": { "numbers": [6, 7] } })
    );
    assert_eq!(said[1]["args"], json!({ "bytes": [1], "pair": { "left": "ab", "right": 1 }, "by": 9 }));
    assert_eq!(said[1]["written"], json!({ "bytes": [1, 9], "pair": { "left": "abab", "right": null } }));
    assert_eq!(said[2]["args"]["out"], json!(b"<"), "what was there before");
    assert_eq!(said[2]["written"]["out"], json!(b"name"), "and what was appended");

    let mut again = MockWrites::replay(&path).unwrap();
    assert_eq!(use_all(&mut again), written);
    assert_eq!(again.fill_calls()[0].args.0, [5, 5]);
    assert_eq!(again.verify(), Ok(()));
    // Other memory is another call.
    let said = panic_of(|| again.fill(&mut [1]));
    assert!(said.contains("none with these arguments") || said.contains("unexpected call"), "{said}");
    assert!(again.verify().is_err());
}

#[test]
fn what_was_written_by_hand_and_does_not_fit_is_named() {
    let (_directory, path) = file();
    let mut spy = MockWrites::recording(Box::new(Real), &path).unwrap();
    let _ = use_all(&mut spy);
    let text = fs::read_to_string(&path).unwrap();
    let changed = text.replace(r#""written":{"numbers":[6,7]}"#, r#""written":{"numbers":[6,7,8]}"#);
    fs::write(&path, changed.replace(r#""right":null"#, r#""right":256"#)).unwrap();
    let mut again = MockWrites::replay(&path).unwrap();
    let said = panic_of(|| again.fill(&mut [5, 5]));
    assert!(said.contains(":2: what `fill` returned is no such value: argument `numbers`: 3 were written, and there is room for 2"), "{said}");
    let mut pair = Pair { left: "ab".to_owned(), right: Some(1) };
    let said = panic_of(|| again.grow(&mut vec![1], &mut pair, 9));
    assert!(said.contains(":3: what `grow` returned is no such value: argument `pair`.right"), "{said}");
    assert!(again.verify().is_err());
}
