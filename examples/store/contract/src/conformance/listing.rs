//! Promises about many keys: what is listed, in which order, and that all the counts agree.

use super::{key, ok};
use crate::{Entry, Store};

/// Runs the checks of this file.
pub(super) fn check(store: &dyn Store) {
    a_scan_lists_what_begins_with_the_prefix_in_byte_order(store);
    the_empty_prefix_lists_everything_once(store);
    stats_and_counts_follow_every_change(store);
}

fn a_scan_lists_what_begins_with_the_prefix_in_byte_order(store: &dyn Store) {
    // In byte order, put in another one. 'B' < 'a', "a" < "a/", '/' < '0', and only UTF-8 has 🦀 last.
    let sorted = ["B", "a", "a/", "a/1", "a/10", "a/2", "a/\u{10ffff}", "a0", "b", "é", "\u{ff5e}", "🦀"];
    for (i, name) in sorted.iter().enumerate().rev() {
        ok("put", name, store.put(&key(&format!("scan {name}")), &vec![0; i]));
    }
    let expected = |prefix: &str| -> Vec<Entry> {
        let named = sorted.iter().enumerate().filter(|(_, name)| name.starts_with(prefix));
        named.map(|(i, name)| Entry { key: key(&format!("scan {name}")), size: i as u64 }).collect()
    };
    // A whole key is a prefix of itself; the last ones are a highest character, where "the next prefix" does
    // not exist, and two that match nothing.
    for prefix in ["", "a", "a/", "a/1", "🦀", "a/\u{10ffff}", "c", "\u{10ffff}"] {
        let full = key(&format!("scan {prefix}"));
        let found = ok("scan", &full, store.scan(&full));
        assert_eq!(
            found,
            expected(prefix),
            "store conformance: scan({full:?}) lists what begins so, sorted, with sizes"
        );
        let count = ok("count", &full, store.count(&full));
        assert_eq!(count, found.len() as u64, "store conformance: count({full:?}) is as many as scan lists");
    }
}

fn the_empty_prefix_lists_everything_once(store: &dyn Store) {
    let all = ok("scan", "", store.scan(""));
    let in_order = all.windows(2).all(|pair| pair[0].key < pair[1].key);
    assert!(in_order, "store conformance: scan(\"\") lists every key once, in byte order");

    let stats = ok("stats", "", store.stats());
    assert_eq!(
        all.len() as u64,
        stats.entries,
        "store conformance: scan(\"\") lists as many keys as stats counts"
    );
    let bytes: u64 = all.iter().map(|entry| entry.size).sum();
    assert_eq!(
        bytes, stats.bytes,
        "store conformance: the sizes listed by scan(\"\") add up to the bytes of stats"
    );
    assert_eq!(
        ok("count", "", store.count("")),
        stats.entries,
        "store conformance: count(\"\") is the entries of stats"
    );
    assert!(!stats.backend.is_empty(), "store conformance: stats names its backend");
}

fn stats_and_counts_follow_every_change(store: &dyn Store) {
    let key = key("counted");
    let figures = || {
        let stats = ok("stats", "", store.stats());
        (stats.entries, stats.bytes, ok("count", &key, store.count(&key)))
    };
    let (entries, bytes, zero) = figures();
    assert_eq!(zero, 0, "store conformance: count({key:?}) of a key that was never put");

    for (value, what) in [(&b"12345"[..], "a new key"), (b"123", "a shorter value"), (b"", "an empty value")]
    {
        ok("put", &key, store.put(&key, value));
        let expected = (entries + 1, bytes + value.len() as u64, 1);
        assert_eq!(figures(), expected, "store conformance: (entries, bytes, count) after putting {what}");
    }
    ok("delete", &key, store.delete(&key));
    assert_eq!(
        figures(),
        (entries, bytes, 0),
        "store conformance: (entries, bytes, count) after deleting it again"
    );
}
