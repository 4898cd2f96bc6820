//! Plain data is looked at where it lies: nothing is copied, and its layout is part of the contract.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/plain.rs"]
pub mod plain;
#[path = "plain/same.rs"]
mod same;

use plain::{MockSamples, Sample, Samples, Works, sample};
use plugin_abi::describe::ContractDesc;
use plugin_abi::note::Record;
use plugin_contracts::PluginType;
use plugin_contracts::mock::{always, function};
use plugin_host::handshake::{self, Rule};
use plugin_host::{Contract, Plugin};
use plugin_tests::fixture;

fn loaded() -> Plugin<dyn Samples> {
    // SAFETY: the file is built by this test.
    unsafe { Plugin::load(fixture("plain")) }.unwrap()
}

#[test]
fn it_is_shared_in_place_and_moved_as_it_is() {
    for plugin in [loaded(), Plugin::linked(Works::new())] {
        same::it_is_shared_in_place_and_moved_as_it_is(plugin);
    }
}

#[test]
fn a_mock_sees_it_too() {
    let mut mock = MockSamples::new();
    mock.expect_fill()
        .with(function(|bytes: &[u8]| bytes.len() == 2), always())
        .returning(|bytes, with| bytes.fill(with + 1));
    let plugin = Plugin::<dyn Samples>::linked(mock);
    let mut bytes = [0; 2];
    plugin.fill(&mut bytes, 1);
    assert_eq!(bytes, [2, 2]);
}

/// A contract about a plain struct of this form.
macro_rules! about {
    ($name:ident { $($fields:tt)* }) => {
        /// One version of it.
        #[allow(missing_docs, reason = "the names say it")]
        pub mod $name {
            use plugin_contracts::{PluginType, plugin_contract};

            #[derive(Clone, Copy, PluginType)]
            #[plugin(plain)]
            #[repr(C)]
            pub struct Event {
                $($fields)*
            }

            #[plugin_contract(id = "test.events", version = "1.0.0", unlocked)]
            pub trait Events {
                fn take(&self, events: &[Event]) -> u64;
            }
        }
    };
}

about!(kept { pub time: u64, pub kind: u32, pub size: u32 });
about!(renamed { pub time: u64, pub sort: u32, pub size: u32 });
about!(swapped { pub time: u64, pub size: u32, pub kind: u32 });
about!(grown { pub time: u64, pub kind: u32, pub size: u32, pub more: u64 });
about!(retyped { pub time: u64, pub kind: i32, pub size: u32 });

fn refused(host: &'static ContractDesc, plugin: &'static ContractDesc) -> Option<(Rule, String)> {
    let record = Record::of_contract(plugin);
    let refused = handshake::bind(host, &record, &record.contracts[0]).err()?;
    Some((refused[0].rule, refused[0].detail.clone()))
}

#[test]
fn another_layout_is_refused_by_the_field() {
    let host = <dyn kept::Events>::DESC;
    assert_eq!(refused(host, <dyn renamed::Events>::DESC), None, "a name is no layout");
    for (plugin, expected) in [
        (<dyn swapped::Events>::DESC, "has its fields in another order: `size` moved"),
        (<dyn grown::Events>::DESC, "has 4 fields in the plugin, 3 in the host"),
        (<dyn retyped::Events>::DESC, "`Event.kind`: plugin built for `i32`, host expects `u32`"),
    ] {
        let (rule, detail) = refused(host, plugin).expect("it is refused");
        assert_eq!(rule, Rule::PC102);
        assert!(detail.contains(expected), "{detail}");
    }
}

#[test]
fn fields_that_lie_elsewhere_are_refused_though_they_read_the_same() {
    let host = <dyn kept::Events>::DESC;
    let mut record = Record::of_contract(host);
    let event = record.types.iter_mut().find(|ty| ty.name == "Event").unwrap();
    event.members[2].offset = 16;
    record.contracts[0].methods[0].fingerprint.0 ^= 1;
    let refused = handshake::bind(host, &record, &record.contracts[0]).unwrap_err();
    let expected = "`Event.size` lies at byte 16 in the plugin, at 12 in the host";
    assert!(refused[0].detail.contains(expected), "{}", refused[0].detail);
}

#[test]
fn it_is_its_own_wire_form() {
    fn is_itself<T: PluginType<Abi = T>>(_: &T) {}
    is_itself(&sample(1));
    assert_eq!(size_of::<Sample>(), 24);
}
