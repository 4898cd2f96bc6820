//! Contracts that are built on others: what their plugins implement, their hosts call, and what both hand to and fro.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/built.rs"]
pub mod built;
pub mod forwards;
mod mocks;
#[allow(missing_docs, reason = "the names say it")]
pub mod versions;

use std::sync::Arc;

use built::{Board, Bomb, Shelf};
use fixture_bases::{Closes, Counts, Thing, ThingError};
use futures::executor::block_on;
use plugin_host::{Contract, FaultKind, OnPanic, Plugin};
use plugin_tests::fixture;

fn loaded() -> Plugin<dyn Shelf> {
    // SAFETY: the file is built by this test.
    unsafe { Plugin::options().config("name", "board").load(fixture("built")) }.unwrap()
}

/// Runs a body against the plugin that is loaded and the one that is linked in.
fn both(body: impl Fn(Plugin<dyn Shelf>)) {
    body(loaded());
    body(Plugin::linked(Board::new("board")));
}

#[test]
fn what_a_contract_is_built_on_is_called_as_its_own() {
    both(|mut shelf| {
        assert_eq!((shelf.name(), shelf.count(), shelf.get("key")), ("board", 0, None));
        shelf.put("key", b"value".to_vec());
        assert_eq!((shelf.title().as_str(), shelf.times(3)), ("1 of board", 3));
        assert_eq!((shelf.shut(), shelf.shut()), (1, 2));
        assert_eq!(shelf.rename("other"), Ok("board".to_owned()));
        assert_eq!(shelf.rename(""), Err(ThingError::Name("empty".to_owned())));
        assert_eq!(block_on(shelf.flush(3)), "other");
        assert_eq!(shelf.get("key").as_deref(), Some(&b"value"[..]));
    });
}

#[test]
fn a_plugin_is_seen_as_any_of_its_bases() {
    fn as_thing(thing: &dyn Thing) -> &str {
        thing.name()
    }
    both(|mut shelf| {
        assert_eq!(as_thing(&*shelf), "board");
        let counts: &dyn Counts = &*shelf;
        assert_eq!((counts.title().as_str(), as_thing(counts)), ("0 of board", "board"));
        let closes: &mut dyn Closes = &mut *shelf;
        assert_eq!(closes.shut(), 1);
        let thing: &mut dyn Thing = closes;
        assert_eq!(thing.rename("thing").as_deref(), Ok("board"));
        assert_eq!(shelf.name(), "thing");
    });
}

#[test]
fn objects_bring_their_bases_along_both_ways() {
    both(|mut shelf| {
        shelf.put("key", b"value".to_vec());
        let mut fork = shelf.fork();
        assert_eq!((fork.title().as_str(), fork.shut()), ("1 of board", 1));
        fork.rename("fork").unwrap();
        let shared: Arc<dyn Shelf> = shelf.share();
        let other: Arc<dyn Counts> = Arc::clone(&shared) as Arc<dyn Counts>;
        assert_eq!((shared.name(), other.count()), ("board", 1));
        // Ours, and one of its own that came back.
        let mut mine = Board::new("mine");
        assert_eq!(shelf.look(&mine), "mine: 0 of mine, None");
        assert_eq!(shelf.look(&*fork), "fork: 1 of fork, Some([118, 97, 108, 117, 101])");
        assert_eq!(shelf.change(&mut mine).as_deref(), Ok("mine"));
        assert_eq!(mine.shut(), 2);
        assert_eq!((mine.name(), mine.get("key").as_deref()), ("changed", Some(&b"board"[..])));
        assert_eq!(shelf.keep(Arc::new(mine)), "changed");
        assert_eq!(shelf.keep(shared), "board");
    });
}

#[test]
fn an_object_can_leave_as_one_of_its_bases() {
    both(|shelf| {
        let mut thing = shelf.thing();
        assert_eq!(thing.rename("thing").as_deref(), Ok("board"));
        assert_eq!((thing.name(), shelf.name()), ("thing", "board"));
    });
}

#[test]
fn a_fault_of_a_base_names_its_method_and_poisons_the_plugin() {
    let shelf = loaded();
    let Err(ThingError::Fault(said)) = shelf.explode() else { panic!("it explodes") };
    assert!(said.contains("board explodes") && said.contains("explode"), "{said}");
    let fault = shelf.poison().expect("it panicked");
    assert_eq!((fault.kind, fault.contract, fault.method), (FaultKind::Panicked, "fixture.shelf", "explode"));
    let Err(ThingError::Fault(said)) = shelf.explode() else { panic!("it is poisoned") };
    assert!(said.contains("failed before"), "{said}");
}

#[test]
fn a_plugin_that_panicked_in_a_base_is_constructed_again() {
    let options = Plugin::<dyn Bomb>::options().on_panic(OnPanic::Restart { at_most: 1 });
    // SAFETY: the file is built by this test.
    let bomb = unsafe { options.load(fixture("built")) }.unwrap();
    assert!(bomb.explode().is_err());
    assert!(bomb.is_armed() && bomb.poison().is_none());
    assert!(bomb.explode().is_err() && bomb.explode().is_err());
    let Err(ThingError::Fault(said)) = bomb.explode() else { panic!("it is given up") };
    assert!(said.contains("constructed again as often as it may be"), "{said}");
}

#[test]
fn what_a_base_lends_forbids_another_object_in_its_place() {
    let options = Plugin::<dyn Shelf>::options().on_panic(OnPanic::Restart { at_most: 1 });
    // SAFETY: the file is built by this test.
    let refused = unsafe { options.load(fixture("built")) }.unwrap_err().to_string();
    assert!(refused.contains("what `name` returns is borrowed"), "{refused}");
}

#[test]
fn a_contract_describes_what_it_inherits() {
    let desc = <dyn Shelf as Contract>::DESC;
    assert!(desc.send && desc.sync, "its bases demand both");
    let inherited: Vec<_> = desc.methods.iter().map(|method| (method.name, method.from)).take(9).collect();
    let thing = "fixture.thing";
    assert_eq!(
        inherited,
        [
            ("explode", "fixture.explodes"),
            ("name", thing),
            ("rename", thing),
            ("shut", "fixture.closes"),
            ("flush", "fixture.closes"),
            ("count", "fixture.counts"),
            ("times", "fixture.counts"),
            ("title", "fixture.counts"),
            ("get", ""),
        ]
    );
    let bases: Vec<_> = desc.bases.iter().map(|base| base.contract.id).collect();
    assert_eq!(bases, ["fixture.closes", "fixture.counts"]);
}
