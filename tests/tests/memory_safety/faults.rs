//! Calls that fail.

use std::path::PathBuf;

use plugin_contracts::Sink;
use plugin_host::{OnPanic, Plugin};
use plugin_tests::fixture;

use crate::panicky::{How, Panicky, Spill};
use crate::{PATH_VAR, given, watched};

#[test]
fn a_panic_loses_nothing_on_its_way() {
    watched("faults::child_hears_of_panics", &fixture("panicky"));
}

#[test]
#[ignore = "a child of `a_panic_loses_nothing_on_its_way`"]
fn child_hears_of_panics() {
    for how in [How::Literal, How::Formatted, How::NotText, How::Resumed] {
        let Some(plugin) = given::<dyn Panicky>() else { return };
        assert!(plugin.typed(how).is_err());
        assert!(plugin.typed(How::Not).is_err(), "it is poisoned");
        plugin.close().unwrap();
        let Some(plugin) = given::<dyn Spill>() else { return };
        let mut bytes = Vec::new();
        let spill = || plugin.spill(&[7; 100], how, Sink::new(&mut bytes));
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(spill)).unwrap_err();
        assert_eq!(bytes, [7; 100]);
    }
}

#[test]
fn an_object_that_is_constructed_again_loses_nothing() {
    watched("faults::child_has_objects_constructed_again", &fixture("panicky"));
}

#[test]
#[ignore = "a child of `an_object_that_is_constructed_again_loses_nothing`"]
fn child_has_objects_constructed_again() {
    let Some(path) = std::env::var_os(PATH_VAR) else { return };
    for policy in [OnPanic::Restart { at_most: 2 }, OnPanic::Keep] {
        let options = Plugin::<dyn Panicky>::options().on_panic(policy);
        // SAFETY: the file is built by this test.
        let mut plugin = unsafe { options.load(PathBuf::from(&path)) }.unwrap();
        std::thread::scope(|scope| {
            for how in [How::Literal, How::Not, How::Formatted, How::Not] {
                let plugin = &plugin;
                scope.spawn(move || plugin.linger(100, how));
            }
        });
        assert_eq!(plugin.linger(0, How::Not), Ok(0));
        plugin.bump(1, How::Not);
        assert!(plugin.typed(How::Literal).is_err());
        plugin.close().unwrap();
    }
}
