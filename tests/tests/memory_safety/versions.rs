//! Two sides that are not of one version.

use std::path::Path;

use plugin_contracts::PluginType;
use plugin_tests::fixture;

use crate::{given, grow, watched};

#[test]
fn an_older_host_loses_nothing_of_what_it_does_not_know() {
    watched("versions::child_is_the_older_host", &fixture("grow-v2"));
}

#[test]
#[ignore = "a child of `an_older_host_loses_nothing_of_what_it_does_not_know`"]
fn child_is_the_older_host() {
    use grow::v1::{Event, Grow, Limits};
    let Some(plugin) = given::<dyn Grow>() else { return };
    assert_eq!(plugin.event(2), Event::Unknown(2));
    let limits = plugin.limits().unwrap();
    assert_eq!(
        plugin.within(vec![limits.clone(), Limits { most: 1, ..limits }]).matches("notes: []").count(),
        2
    );
    plugin.close().unwrap();
}

#[test]
fn an_older_plugin_loses_nothing_of_what_it_does_not_know() {
    watched("versions::child_is_the_newer_host", &fixture("grow-v1"));
}

#[test]
#[ignore = "a child of `an_older_plugin_loses_nothing_of_what_it_does_not_know`"]
fn child_is_the_newer_host() {
    use grow::v2::{Event, Grow, Limits, Way};
    let Some(plugin) = given::<dyn Grow>() else { return };
    let text = || "text".to_owned();
    let moved = Event::Moved { who: text(), way: Way { places: vec![text(), text()] } };
    assert_eq!(plugin.tell(vec![moved, Event::Joined(text())]), r#"[Unknown(2), Joined("text")]"#);
    let limits = Limits { owner: text(), most: 1, least: 2, notes: vec![text()] };
    assert!(plugin.within(vec![limits]).starts_with("[Limits"));
    assert_eq!(plugin.limits().map(|limits| limits.notes), Some(Vec::new()));
    plugin.close().unwrap();
}

/// A sender whose struct ends where the receiver's next field is not yet aligned.
#[derive(Debug, PluginType)]
#[plugin(sized)]
pub(crate) struct Narrow(pub(crate) u8);

/// A receiver that would read behind it, if it counted up to where its own next field begins.
#[derive(Debug, PartialEq, PluginType)]
#[plugin(sized)]
pub(crate) struct Broad(pub(crate) u8, #[plugin(default)] pub(crate) u128);

#[test]
fn a_narrow_sender_is_read_to_its_end_and_no_further() {
    watched("versions::child_reads_a_narrow_sender", Path::new("no plugin"));
}

#[test]
#[ignore = "a child of `a_narrow_sender_is_read_to_its_end_and_no_further`"]
fn child_reads_a_narrow_sender() {
    let abi = Narrow(5).into_abi();
    // SAFETY: it was made just now, and is used once; a `Broad` begins as it does.
    let found = unsafe { Broad::from_abi(abi) };
    assert_eq!(found, Ok(Broad(5, 0)));
}
