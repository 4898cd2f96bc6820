//! One suite, unchanged, for every way to carry a store.

use std::path::Path;

use plugin_host::{LoadError, Plugin};
use plugin_tests::plugin;
use store_contract::{MockStore, Store, StoreError, conformance};

fn load_disk(data: &Path) -> Result<Plugin<dyn Store>, LoadError> {
    // SAFETY: the file is built by this test.
    unsafe { Plugin::options().config("data", data.to_str().expect("a UTF-8 path")).load(plugin("disk")) }
}

fn suite(store: &mut dyn Store) {
    conformance::run(store);
}

plugin_host::conformance! {
    dyn Store => suite;
    linked_memory_conforms: Plugin::linked(memory::Memory::default());
    // SAFETY: the file is built by this test.
    loaded_memory_conforms: unsafe { Plugin::load(plugin("memory")) }.expect("it loads");
    a_spy_around_memory_conforms: Plugin::linked(MockStore::wrapping(memory::Memory::default()));
    a_spy_that_is_told_to_ask_conforms: Plugin::linked({
        let mut store = MockStore::wrapping(memory::Memory::default());
        store.expect_get().times(..).call_real();
        store.expect_count().times(..).call_real();
        store
    });
}

#[test]
fn linked_disk_conforms() {
    let data = tempfile::tempdir().unwrap();
    let store = Plugin::<dyn Store>::linked(disk::Disk::open(data.path()).unwrap());
    conformance::run(&*store);
}

#[test]
fn loaded_disk_conforms() {
    let data = tempfile::tempdir().unwrap();
    let store = load_disk(data.path()).unwrap();
    conformance::run(&*store);
    store.close().unwrap();
}

#[test]
fn what_disk_holds_survives_dropping_and_loading_the_plugin_again() {
    let data = tempfile::tempdir().unwrap();
    let first = load_disk(data.path()).unwrap();
    first.put("kept", b"value").unwrap();
    let in_use = load_disk(data.path()).expect_err("one at a time");
    assert!(matches!(&in_use, LoadError::Constructor { plugin, .. } if plugin == "libdisk.so"), "{in_use}");
    drop(first);

    let second = load_disk(data.path()).unwrap();
    assert_eq!(second.get("kept"), Ok(b"value".to_vec()));
    conformance::run(&*second);
    second.close().unwrap();

    let linked = disk::Disk::open(data.path()).unwrap();
    assert_eq!(linked.get("kept"), Ok(b"value".to_vec()), "linked in and loaded, it is one format");
}

#[test]
fn instances_of_one_file_share_nothing() {
    let load = || {
        // SAFETY: the file is built by this test.
        unsafe { Plugin::<dyn Store>::load(plugin("memory")) }.unwrap()
    };
    let (one, other) = (load(), load());
    one.put("key", b"value").unwrap();
    assert_eq!(other.get("key"), Err(StoreError::NotFound { key: "key".to_owned() }));
    drop(one);
    assert_eq!(other.count(""), Ok(0), "and dropping one leaves the other alone");
}

#[test]
fn a_loaded_store_serves_many_threads() {
    // SAFETY: the file is built by this test.
    let store = unsafe { Plugin::<dyn Store>::load(plugin("memory")) }.unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let store = &store;
            scope.spawn(move || {
                for at in 0..100 {
                    store.put(&format!("{thread}/{at}"), &[thread]).unwrap();
                }
            });
        }
    });
    assert_eq!(store.count(""), Ok(800));
}
