//! The plugin `disk`, linked in, keeps the contract: also beside other keys, and in a file that was there
//! before.

use disk::Disk;
use store_contract::{Store, conformance};

#[test]
fn disk_keeps_the_contract_when_linked_in() {
    let directory = tempfile::tempdir().unwrap();
    let store = Disk::open(directory.path()).unwrap();
    conformance::run(&store);

    store.put("mine", b"untouched").unwrap();
    drop(store);
    let reopened = Disk::open(directory.path()).unwrap();
    conformance::run(&reopened);
    assert_eq!(reopened.get("mine").unwrap(), b"untouched");
    assert_eq!(reopened.count("").unwrap(), 1);
}
