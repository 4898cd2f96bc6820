//! Promises about one key: what was put is what is got, until it is replaced or deleted.

use super::{holds, holds_nothing, key, ok};
use crate::{MAX_KEY_BYTES, Store, StoreError};

/// Runs the checks of this file.
pub(super) fn check(store: &dyn Store) {
    a_value_comes_back_byte_for_byte(store);
    a_second_put_replaces_the_first(store);
    a_deleted_key_is_gone_and_the_second_delete_says_so(store);
    any_character_may_be_in_a_key(store);
    a_bad_key_is_refused_with_the_key_in_the_error(store);
}

fn a_value_comes_back_byte_for_byte(store: &dyn Store) {
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    // 251 is prime: a page or a buffer that is swapped, repeated or cut changes the bytes.
    let mebibyte: Vec<u8> = (0..1 << 20).map(|i| (i % 251) as u8).collect();
    let values: [(&str, &[u8]); 5] = [
        ("empty", b""),
        ("one byte", b"\0"),
        ("not text", b"\xff\xfe\0\x80"),
        ("every byte", &every_byte),
        ("1 MiB", &mebibyte),
    ];
    for (name, value) in values {
        ok("put", name, store.put(&key(name), value));
    }
    // Read only after all are written: a store that keeps just the last value must not pass.
    for (name, value) in values {
        holds(store, &key(name), value);
    }
}

fn a_second_put_replaces_the_first(store: &dyn Store) {
    let key = key("replaced");
    // Growing, shrinking and emptying, for a backend may treat each in its own way.
    for value in [&b"first"[..], b"second, and longer", b"3", b""] {
        ok("put", &key, store.put(&key, value));
        holds(store, &key, value);
    }
}

fn a_deleted_key_is_gone_and_the_second_delete_says_so(store: &dyn Store) {
    let key = key("deleted");
    holds_nothing(store, &key);
    ok("put", &key, store.put(&key, b"soon gone"));
    assert!(
        ok("delete", &key, store.delete(&key)),
        "store conformance: the first delete({key:?}) says it was there"
    );
    holds_nothing(store, &key);
    assert!(
        !ok("delete", &key, store.delete(&key)),
        "store conformance: the second delete({key:?}) says it was not"
    );

    ok("put", &key, store.put(&key, b"back again"));
    holds(store, &key, b"back again");
}

fn any_character_may_be_in_a_key(store: &dyn Store) {
    // Each is a key of its own: nothing is trimmed, folded, normalised ("é" twice) or taken for a path.
    let names = [
        "a", "A", " a", "a ", "a/b", "a//b", "../a", "a\0b", "a\nb", "ключ", "鍵", "🦀", "\u{e9}", "e\u{301}",
    ];
    for name in names {
        ok("put", name, store.put(&key(name), name.as_bytes()));
    }
    for name in names {
        holds(store, &key(name), name.as_bytes());
    }
    let longest = key(&"k".repeat(MAX_KEY_BYTES - super::CORNER.len()));
    ok("put", "the longest key", store.put(&longest, b"long"));
    holds(store, &longest, b"long");
}

fn a_bad_key_is_refused_with_the_key_in_the_error(store: &dyn Store) {
    let too_long = key(&"k".repeat(MAX_KEY_BYTES));
    for bad in ["", &too_long] {
        let refusals = [
            ("get", store.get(bad).map(drop)),
            ("put", store.put(bad, b"never kept")),
            ("delete", store.delete(bad).map(drop)),
        ];
        for (method, result) in refusals {
            let refused = matches!(&result, Err(StoreError::InvalidKey { key, .. }) if key == bad);
            let bytes = bad.len();
            assert!(
                refused,
                "store conformance: {method} of a key of {bytes} bytes is InvalidKey, not {result:?}"
            );
        }
    }
}
