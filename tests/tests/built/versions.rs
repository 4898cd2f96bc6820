//! A contract whose base moved on, or was another: host and plugin agree method by method, whoever wrote which.

use plugin_abi::describe::ContractDesc;
use plugin_abi::note::{Record, RecordKind, decode};
use plugin_contracts::plugin_contract;
use plugin_host::Contract;
use plugin_host::handshake::{self, Mismatch, Rule};

macro_rules! version {
    ($name:ident: $($base:tt)*) => {
        pub mod $name {
            use super::plugin_contract;

            #[plugin_contract(id = "test.base", version = "1.0.0", unlocked)]
            pub trait Base: Send + Sync {
                $($base)*
            }

            #[plugin_contract(id = "test.shelf", version = "1.0.0", unlocked)]
            pub trait Shelf: Base {
                fn get(&self, key: &str) -> u64;
            }
        }
    };
}

version!(old: fn name(&self) -> String;);
version!(grown: fn name(&self) -> String; fn label(&self) -> u64 { 7 });
version!(demanding: fn name(&self) -> String; fn label(&self) -> u64;);
version!(renamed: #[renamed_from("name")] fn title(&self) -> String;);
version!(retyped: fn name(&self) -> u64;);

/// The same methods, all of one contract.
pub mod flat {
    use super::plugin_contract;

    #[plugin_contract(id = "test.shelf", version = "1.0.0", unlocked)]
    pub trait Shelf: Send + Sync {
        fn name(&self) -> String;
        fn get(&self, key: &str) -> u64;
    }
}

const fn of<C: ?Sized + Contract>() -> &'static ContractDesc {
    C::DESC
}

fn bind(host: &'static ContractDesc, plugin: &'static ContractDesc) -> Result<(), Vec<Mismatch>> {
    let record = Record::of_contract(plugin);
    handshake::bind(host, &record, &record.contracts[0]).map(|_| ())
}

#[track_caller]
fn refused(host: &'static ContractDesc, plugin: &'static ContractDesc) -> (Rule, String) {
    let refused = bind(host, plugin).expect_err("it is refused");
    let [one] = &refused[..] else { panic!("{refused:?}") };
    (one.rule, one.method.to_string())
}

#[test]
fn a_base_may_grow_and_rename_on_either_side() {
    let old = of::<dyn old::Shelf>();
    for other in [of::<dyn grown::Shelf>(), of::<dyn renamed::Shelf>(), of::<dyn flat::Shelf>()] {
        assert_eq!(bind(old, other), Ok(()));
        assert_eq!(bind(other, old), Ok(()));
    }
}

#[test]
fn a_base_that_demands_more_or_something_else_is_refused_by_its_method() {
    let (old, demanding) = (of::<dyn old::Shelf>(), of::<dyn demanding::Shelf>());
    assert_eq!(bind(old, demanding), Ok(()));
    assert_eq!(refused(demanding, old), (Rule::PC002, "label".to_owned()));
    assert_eq!(refused(old, of::<dyn retyped::Shelf>()), (Rule::PC005, "name".to_owned()));
}

#[test]
fn a_note_says_what_a_contract_is_built_on() {
    let record = Record::of_contract(of::<dyn old::Shelf>());
    let [contract] = &record.contracts[..] else { panic!("one contract") };
    assert_eq!(contract.bases, ["test.base"]);
    assert_eq!((&*contract.methods[0].from, &*contract.methods[1].from), ("test.base", ""));
    assert!(record.objects.is_empty(), "a base is no object");
    assert_eq!(read(&record), record);
    let flat = Record::of_contract(of::<dyn flat::Shelf>());
    assert_eq!(read(&flat), flat);
    assert_eq!(flat.contracts[0].fingerprint, contract.fingerprint, "binaries see one table");
}

/// A record, written and read.
fn read(record: &Record) -> Record {
    let mut body = Vec::new();
    let text = |body: &mut Vec<u8>, text: &str| {
        body.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
        body.extend(text.as_bytes());
    };
    let toolchain = &record.toolchain;
    for one in [&record.package, &record.version, &toolchain.rustc, &toolchain.target, &record.symbol] {
        text(&mut body, one);
    }
    plugin_abi::note::encode(record, &mut body);
    let flags = u16::from(toolchain.pointer_width == 64) | u16::from(toolchain.debug) << 3;
    let mut bytes = plugin_abi::note::MAGIC.to_vec();
    bytes.extend(plugin_abi::note::REVISION.to_le_bytes());
    bytes.extend(flags.to_le_bytes());
    bytes.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
    bytes.extend(body);
    decode(RecordKind::Declares as u32, &bytes).expect("it was just written")
}
