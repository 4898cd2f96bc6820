//! What the plugin `disk` promises about restarts and crashes, proven on the type that the plugin exports.

use std::fs;
use std::path::Path;

use disk::Disk;
use store_contract::Store;
use tempfile::TempDir;

fn open(directory: &Path) -> Disk {
    Disk::open(directory).unwrap_or_else(|error| panic!("{error}"))
}

/// What a crash of `store`'s process would leave: the file as it is now, unfinished, in a directory of its
/// own.
fn crashed(directory: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    fs::copy(directory.join("store.redb"), copy.path().join("store.redb")).unwrap();
    copy
}

#[test]
fn everything_survives_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("made/when missing");
    let store = open(&data);
    for i in 0..300 {
        store.put(&format!("key {i:03}"), format!("value {i}").as_bytes()).unwrap();
    }
    assert!(store.delete("key 007").unwrap());
    let (listed, stats) = (store.scan("").unwrap(), store.stats().unwrap());
    store.put("after the barrier", b"flushed by drop").unwrap();
    drop(store);

    let store = open(&data);
    assert_eq!(store.get("after the barrier").unwrap(), b"flushed by drop");
    assert!(store.delete("after the barrier").unwrap());
    assert_eq!(store.get("key 299").unwrap(), b"value 299");
    assert_eq!((store.scan("").unwrap(), store.stats().unwrap()), (listed, stats));
}

#[test]
fn a_crash_keeps_a_lone_write_and_tears_none() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    store.put("lone", b"durable when put returned").unwrap();
    for i in 0..100 {
        store.put(&format!("burst {i:02}"), &[i; 5000]).unwrap();
    }

    let copy = crashed(directory.path());
    let survivor = open(copy.path());
    assert_eq!(survivor.get("lone").unwrap(), b"durable when put returned");
    let burst = survivor.scan("burst ").unwrap();
    for (i, entry) in burst.iter().enumerate() {
        assert_eq!(entry.key, format!("burst {i:02}"), "no write is kept without those before it");
        assert_eq!(survivor.get(&entry.key).unwrap(), [i as u8; 5000]);
    }
    assert_eq!(survivor.stats().unwrap().entries, 1 + burst.len() as u64);
}

#[test]
fn a_crash_behind_the_barrier_loses_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    for i in 0..100 {
        store.put(&format!("burst {i:02}"), &[i; 5000]).unwrap();
    }
    let before = store.stats().unwrap();

    let copy = crashed(directory.path());
    assert_eq!(open(copy.path()).stats().unwrap(), before);
}

#[test]
fn a_file_in_use_or_of_another_kind_is_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let first = open(directory.path());
    let message = Disk::open(directory.path()).expect_err("two at once");
    assert!(message.contains("store.redb is in use"), "{message}");
    drop(first);

    fs::write(directory.path().join("store.redb"), "not a database").unwrap();
    let message = Disk::open(directory.path()).expect_err("not a database");
    assert!(message.contains("cannot open") && message.contains("store.redb"), "{message}");
}
