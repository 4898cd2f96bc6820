//! Every way in which a plugin fails, said by a mock behind a library, and what a host makes of it.

use plugin_host::{FaultKind, PluginFault};

use crate::rig::{MockRig, RigError};
use crate::{copy, load, open, panic_of};

/// The fault that a call of `get` ends with when the mock says this.
fn fault_of(kind: FaultKind) -> (String, Option<PluginFault>) {
    let (copy, mut mock) = (copy(), MockRig::new());
    mock.expect_get().fail(kind);
    let library = open(&copy);
    library.program(&mock);
    let plugin = load(&copy);
    let Err(RigError::Fault(said)) = plugin.get("k") else { panic!("it fails") };
    assert_eq!(mock.verify(), Ok(()), "and that was expected");
    (said, plugin.poison().cloned())
}

#[test]
fn a_panic_inside_poisons_the_plugin() {
    let (copy, mut mock) = (copy(), MockRig::new());
    mock.expect_get().times(2).returning(|_| Ok(vec![]));
    mock.expect_get().fail("out of memory");
    let library = open(&copy);
    library.program(&mock);
    let plugin = load(&copy);
    assert_eq!((plugin.get("a"), plugin.get("b")), (Ok(vec![]), Ok(vec![])));
    let third = plugin.get("c");
    let panicked = "plugin libmock.so: `fixture.rig` get panicked: out of memory";
    assert_eq!(third, Err(RigError::Fault(panicked.to_owned())), "the nth call is the nth expectation");
    assert_eq!(plugin.poison().map(|fault| fault.kind), Some(FaultKind::Panicked));
    let refused = "plugin libmock.so: `fixture.rig` get was not called, the instance is poisoned: `get` failed before: out of memory";
    assert_eq!(plugin.get("d"), Err(RigError::Fault(refused.to_owned())));
    assert_eq!(mock.get_calls().len(), 3, "the last one did not arrive");
    assert_eq!(mock.verify(), Ok(()));
    // Another instance of the file is none the worse.
    assert!(matches!(load(&copy).get("e"), Err(RigError::Fault(said)) if said.contains("unexpected call")));
    assert!(mock.verify().is_err());
}

#[test]
fn a_closure_that_panics_is_a_plugin_that_panicked() {
    let (copy, mut mock) = (copy(), MockRig::new());
    mock.expect_count().returning(|| panic!("the disk is full"));
    let library = open(&copy);
    library.program(&mock);
    let plugin = load(&copy);
    let said = panic_of(|| plugin.count());
    assert!(said.starts_with("plugin libmock.so: `fixture.rig` count panicked: the disk is full"), "{said}");
    assert_eq!(plugin.poison().map(|fault| fault.method), Some("count"));
}

#[test]
fn each_kind_arrives_as_what_it_is() {
    let (said, poison) = fault_of(FaultKind::Panicked);
    assert_eq!(said, "plugin libmock.so: `fixture.rig` get panicked");
    assert!(poison.is_some());
    let (said, poison) = fault_of(FaultKind::Passed);
    assert_eq!(said, "plugin libmock.so: `fixture.rig` get let a fault pass");
    assert_eq!(poison, None);
    let (said, poison) = fault_of(FaultKind::InvalidArgument);
    assert_eq!(said, "plugin libmock.so: `fixture.rig` get was not called, an argument is invalid");
    assert_eq!(poison, None);
    let (said, poison) = fault_of(FaultKind::Unsupported);
    assert_eq!(said, "plugin libmock.so: `fixture.rig` get is unsupported");
    assert_eq!(poison, None);
    let (said, poison) = fault_of(FaultKind::Poisoned);
    assert!(
        said.contains("let a fault pass: no plugin can say that it is poisoned: let a call panic"),
        "{said}"
    );
    assert_eq!(poison, None);
}

#[test]
fn a_result_that_was_cut_short_is_invalid_and_poisons() {
    let (said, poison) = fault_of(FaultKind::InvalidResult);
    assert!(said.starts_with("plugin libmock.so: `fixture.rig` get returned an invalid result: "), "{said}");
    assert_eq!(poison.map(|fault| fault.kind), Some(FaultKind::InvalidResult));

    let (copy, mut mock) = (copy(), MockRig::new());
    mock.expect_title().fail(FaultKind::InvalidResult);
    let library = open(&copy);
    library.program(&mock);
    let plugin = load(&copy);
    let said = panic_of(|| plugin.title(1));
    assert!(
        said.starts_with("plugin libmock.so: `fixture.rig` title returned an invalid result: "),
        "{said}"
    );
    assert!(plugin.poison().is_some());
}

#[test]
fn a_result_that_is_right_with_any_bytes_cannot_be_cut_short() {
    let (copy, mut mock) = (copy(), MockRig::new());
    mock.expect_count().fail(FaultKind::InvalidResult);
    let library = open(&copy);
    library.program(&mock);
    let plugin = load(&copy);
    let said = panic_of(|| plugin.count());
    assert!(
        said.contains(
            "count let a fault pass: there is no invalid result: whatever the bytes are, they are a `u64`"
        ),
        "{said}"
    );
    assert_eq!(plugin.poison(), None);
}

#[test]
fn a_method_that_promised_not_to_panic_fails_like_the_others() {
    let (copy, mut mock) = (copy(), MockRig::new());
    mock.expect_fast().fail("it did all the same");
    let library = open(&copy);
    library.program(&mock);
    let plugin = load(&copy);
    let said = panic_of(|| plugin.fast(1));
    assert!(
        said.starts_with("plugin libmock.so: `fixture.rig` fast panicked: it did all the same"),
        "{said}"
    );
}

#[test]
fn a_future_fails_when_it_is_polled() {
    let (copy, mut mock) = (copy(), MockRig::new());
    mock.expect_wait().fail("on the way");
    let library = open(&copy);
    library.program(&mock);
    let plugin = load(&copy);
    let future = plugin.wait("k");
    assert_eq!(plugin.poison(), None, "nothing happens before");
    let panicked = "plugin libmock.so: `fixture.rig` wait panicked: on the way";
    assert_eq!(futures::executor::block_on(future), Err(RigError::Fault(panicked.to_owned())));
    assert!(plugin.poison().is_some());
}

#[test]
fn the_result_of_a_future_cannot_be_cut_short() {
    let (copy, mut mock) = (copy(), MockRig::new());
    mock.expect_wait().fail(FaultKind::InvalidResult);
    let library = open(&copy);
    library.program(&mock);
    let plugin = load(&copy);
    let Err(RigError::Fault(said)) = futures::executor::block_on(plugin.wait("k")) else {
        panic!("it fails")
    };
    assert!(said.contains("let a fault pass: no invalid result can be made here"), "{said}");
}

#[test]
fn a_whole_fault_keeps_its_words() {
    let (copy, mut mock) = (copy(), MockRig::new());
    let fault = PluginFault::new(
        FaultKind::InvalidArgument,
        "other",
        "fixture.rig",
        "get",
        "argument `key`: not UTF-8",
    );
    mock.expect_get().fail(fault);
    let library = open(&copy);
    library.program(&mock);
    let expected = "plugin libmock.so: `fixture.rig` get was not called, an argument is invalid: argument `key`: not UTF-8";
    assert_eq!(load(&copy).get("k"), Err(RigError::Fault(expected.to_owned())));
}
