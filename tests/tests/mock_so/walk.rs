//! A library between a host and a test, under valgrind.

use std::path::PathBuf;

use plugin_contracts::Sink;
use plugin_host::{FaultKind, MockPlugin, Plugin};
use plugin_tests::child;

use crate::rig::{MockLine, MockRig, Rig, RigError};
use crate::{copy, panic_of};

/// Names the file that the child loads.
const PATH_VAR: &str = "PLUGIN_TESTS_PATH";

#[test]
fn nothing_is_lost_between_a_host_and_a_test() {
    let copy = copy();
    if let Some(mut child) = child::watched(child::command("walk::child_walks")) {
        let _ = child::run(child.env(PATH_VAR, copy.path()));
    }
}

#[test]
#[ignore = "a child of `nothing_is_lost_between_a_host_and_a_test`"]
fn child_walks() {
    let Some(path) = std::env::var_os(PATH_VAR).map(PathBuf::from) else { return };
    // SAFETY: the file is built by the parent.
    let library = unsafe { MockPlugin::<dyn Rig>::open(&path) }.unwrap();
    // SAFETY: as above.
    let mut plugin = unsafe { Plugin::<dyn Rig>::load(&path) }.unwrap();
    assert!(plugin.get("k").is_err(), "nobody answers yet");
    let mut mock = MockRig::new();
    mock.expect_get().times(2).returning(|key| Ok(key.as_bytes().repeat(100)));
    mock.expect_get().fail(FaultKind::InvalidArgument);
    mock.expect_push().return_const(1_u64);
    let mut titles = Vec::new();
    mock.expect_title().times(1 + 4 * 25).returning(move |of| {
        titles.push(of);
        titles.len().to_string()
    });
    mock.expect_name().return_const("name");
    mock.expect_wait().returning(|key| Ok(key.len() as u64));
    mock.expect_wait().fail(FaultKind::Passed);
    mock.expect_line().returning(|| Box::new(MockLine::lenient()));
    mock.expect_each().returning(|seen| u64::from(seen("one")));
    mock.expect_pour().returning(|mut out| {
        out.write(&[1; 300]);
        true
    });
    library.program(&mock);
    assert_eq!(plugin.get("k").map(|bytes| bytes.len()), Ok(100));
    assert_eq!(plugin.get("ab").map(|bytes| bytes.len()), Ok(200));
    assert!(plugin.get("c").is_err());
    assert!(plugin.get("d").is_err(), "nobody expects it");
    assert_eq!((plugin.push("item".to_owned()), plugin.title(12)), (1, "1".to_owned()));
    // One thread at a time has the closure.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..25).for_each(|of| drop(plugin.title(of))));
        }
    });
    assert_eq!(plugin.name(), "name");
    assert_eq!(futures::executor::block_on(plugin.wait("four")), Ok(4));
    assert!(futures::executor::block_on(plugin.wait("four")).is_err());
    drop(plugin.wait("dropped"));
    assert_eq!(plugin.line().more(1), 0);
    assert_eq!(plugin.each(&mut |name| name == "one"), 1);
    let mut bytes = Vec::new();
    assert!(plugin.pour(Sink::new(&mut bytes)));
    assert_eq!(bytes.len(), 300);
    assert!(mock.verify().is_err());
    // A second mock takes over, and spoils a result.
    let mut other = MockRig::new();
    other.expect_title().fail(FaultKind::InvalidResult);
    library.program(&other);
    panic_of(|| plugin.title(1));
    assert!(matches!(plugin.get("k"), Err(RigError::Fault(said)) if said.contains("poisoned")));
    drop(library);
    plugin.close().unwrap();
}
