//! That whoever watches would see what is wrong.

use plugin_contracts::PluginType as _;
use plugin_tests::child;

use crate::PATH_VAR;
use crate::versions::Narrow;

/// What whoever watches says of a child that does wrong.
fn seen(test: &str) -> Option<String> {
    let mut child = child::watched(child::command(test))?;
    let ended = child.env(PATH_VAR, "no plugin").output().expect("the child starts");
    assert!(!ended.status.success(), "otherwise that nothing is seen proves nothing");
    Some(String::from_utf8_lossy(&ended.stderr).into_owned())
}

#[test]
fn what_is_used_after_it_was_freed_is_seen() {
    let Some(said) = seen("seen::child_receives_a_form_twice") else { return };
    let expected = if child::is_sanitized() { "heap-use-after-free" } else { "Invalid read" };
    assert!(said.contains(expected), "{said}");
}

#[test]
#[ignore = "a child of `what_is_used_after_it_was_freed_is_seen`"]
fn child_receives_a_form_twice() {
    if std::env::var_os(PATH_VAR).is_none() {
        return;
    }
    let abi = Narrow(5).into_abi();
    // SAFETY: none for the second: the form is used twice, and whoever watches is to say so.
    let found = [unsafe { Narrow::from_abi(abi) }, unsafe { Narrow::from_abi(abi) }];
    assert!(found.iter().all(Result::is_ok));
}

#[test]
fn what_is_lost_is_seen() {
    let Some(said) = seen("seen::child_receives_no_form") else { return };
    let expected = if child::is_sanitized() { "detected memory leaks" } else { "definitely lost" };
    assert!(said.contains(expected), "{said}");
}

#[test]
#[ignore = "a child of `what_is_lost_is_seen`"]
fn child_receives_no_form() {
    if std::env::var_os(PATH_VAR).is_some() {
        let _ = Narrow(5).into_abi();
    }
}
