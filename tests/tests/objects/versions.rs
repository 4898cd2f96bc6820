//! Objects whose contract is older on one side: found by name, former names included, or refused before they cross.

use plugin_abi::describe::ContractDesc;
use plugin_abi::note::Record;
use plugin_abi::wire::Object as _;
use plugin_contracts::plugin_contract;
use plugin_host::Contract;
use plugin_host::handshake::{self, Mismatch, Refusal, Rule};

/// A shop whose sessions have these methods, and which also takes one.
macro_rules! shop {
    ($version:ident, $number:literal, { $($methods:tt)* }, $($bounds:tt)+) => {
        /// One version of it.
        pub mod $version {
            use super::plugin_contract;

            /// What a shop hands out and takes.
            #[plugin_contract(id = "test.session", version = $number, unlocked)]
            pub trait Session: $($bounds)+ {
                $($methods)*
            }

            /// Hands sessions out.
            #[plugin_contract(id = "test.opens", version = "1.0.0", unlocked)]
            pub trait Opens {
                /// A new one.
                fn open(&self) -> Result<Box<dyn Session>, String>;
            }

            /// Takes sessions, by way of a closure that is given one.
            #[plugin_contract(id = "test.takes", version = "1.0.0", unlocked)]
            pub trait Takes {
                /// The closure is called by the plugin, with a session of the plugin's.
                fn give(&self, to: &dyn Fn(&dyn Session) -> u64) -> u64;
                /// The session is the host's.
                fn take(&self, session: &dyn Session) -> u64;
            }
        }
    };
}

shop!(
    old,
    "1.0.0",
    {
        fn add(&self, line: &str) -> u64;
        fn gone(&self) -> u64 {
            7
        }
    },
    Send
);
shop!(
    grown,
    "1.1.0",
    {
        fn more(&self) -> u64 {
            100 + self.add("more")
        }
        #[renamed_from("gone")]
        fn left(&self) -> u64 {
            9
        }
        fn add(&self, line: &str) -> u64;
    },
    Send + Sync
);
shop!(
    demanding,
    "1.2.0",
    {
        fn add(&self, line: &str) -> u64;
        fn must(&self) -> u64;
    },
    Send
);
shop!(
    retyped,
    "2.0.0",
    {
        fn add(&self, line: &str) -> u32;
    },
    Send
);

struct Old;
impl old::Session for Old {
    fn add(&self, line: &str) -> u64 {
        line.len() as u64
    }
}

struct Grown;
impl grown::Session for Grown {
    fn add(&self, line: &str) -> u64 {
        line.len() as u64
    }

    fn left(&self) -> u64 {
        11
    }
}

fn bind(host: &'static ContractDesc, plugin: &'static ContractDesc) -> Result<(), Vec<Mismatch>> {
    let record = Record::of_contract(plugin);
    handshake::bind(host, &record, &record.contracts[0]).map(|_| ())
}

fn first(host: &'static ContractDesc, plugin: &'static ContractDesc) -> (Rule, String) {
    let mut refused = bind(host, plugin).expect_err("it is refused");
    let first = refused.remove(0);
    assert_eq!(first.object.as_ref().map(|object| &*object.contract), Some("test.session"));
    (first.rule, format!("{}: {:?} {:?} {}", first.method, first.expected, first.found, first.detail))
}

const fn opens<C: ?Sized + Contract>() -> &'static ContractDesc {
    C::DESC
}

#[test]
fn methods_may_come_and_be_renamed_on_either_side() {
    let (old, grown) = (opens::<dyn old::Opens>(), opens::<dyn grown::Opens>());
    assert_eq!(bind(old, grown), Ok(()));
    assert!(old.methods[0].fingerprint == grown.methods[0].fingerprint, "the method is the same");
    let sent = <dyn grown::Session>::box_into_abi(Box::new(Grown));
    // SAFETY: the object is received once, by the same contract of another version.
    let stub = unsafe { <dyn old::Session>::receive(sent) }.unwrap();
    let session = <dyn old::Session>::object_box(stub);
    assert_eq!((session.add("four"), session.gone()), (4, 11));
    let sent = <dyn old::Session>::box_into_abi(Box::new(Old));
    // SAFETY: as above.
    let stub = unsafe { <dyn grown::Session>::receive(sent) }.unwrap();
    let session = <dyn grown::Session>::object_box(stub);
    assert_eq!((session.add("four"), session.left(), session.more()), (4, 7, 104));
}

#[test]
fn what_the_caller_needs_must_be_there() {
    let (old, demanding) = (opens::<dyn old::Opens>(), opens::<dyn demanding::Opens>());
    // The host calls what the plugin hands out, so it may have more, and not less.
    assert_eq!(bind(old, demanding), Ok(()));
    let (rule, text) = first(demanding, old);
    assert_eq!(rule, Rule::PC002);
    assert_eq!(text, "must: Some(\"fn must(&self) -> u64\") None ");
    // Of what the plugin takes it is the other way round; what it gives to a closure goes to the host again.
    let (old, demanding) = (opens::<dyn old::Takes>(), opens::<dyn demanding::Takes>());
    let (rule, text) = first(old, demanding);
    assert_eq!(rule, Rule::PC002);
    assert_eq!(text, "must: None Some(\"fn must(&self) -> u64\") ");
    assert_eq!(first(demanding, old).0, Rule::PC002);
}

#[test]
fn a_method_that_changed_and_a_bound_that_is_missing_are_refused() {
    let (rule, text) = first(opens::<dyn old::Opens>(), opens::<dyn retyped::Opens>());
    assert_eq!(rule, Rule::PC005);
    assert!(text.ends_with("the result: plugin built for `u32`, host expects `u64`"), "{text}");
    let (rule, text) = first(opens::<dyn grown::Opens>(), opens::<dyn old::Opens>());
    assert_eq!(rule, Rule::PC009);
    assert!(text.ends_with("the host relies on `Send` or `Sync`, which the plugin's trait lacks"), "{text}");
    let (rule, text) = first(opens::<dyn old::Takes>(), opens::<dyn grown::Takes>());
    assert_eq!(rule, Rule::PC009);
    assert!(text.ends_with("the plugin relies on `Send` or `Sync`, which the host's trait lacks"), "{text}");
}

#[test]
fn an_object_of_another_contract_is_not_taken() {
    // SAFETY: the object is received once; that it is another's is what is tested.
    let taken = unsafe {
        let sent = <dyn old::Opens>::box_into_abi(Box::new(Shop));
        <dyn old::Session>::receive(sent)
    };
    assert!(matches!(taken, Err(plugin_abi::Invalid::Contract)));
}

struct Shop;
impl old::Opens for Shop {
    fn open(&self) -> Result<Box<dyn old::Session>, String> {
        Ok(Box::new(Old))
    }
}

#[test]
fn a_note_holds_the_contracts_of_objects() {
    use old::Opens as _;
    let record = Record::of_contract(opens::<dyn old::Takes>());
    assert_eq!(record.objects[0].id, "test.session");
    assert_eq!(
        record.show(record.contracts[0].methods[0].args[0].ty).to_string(),
        "&dyn Fn(&dyn Session) -> u64"
    );
    assert!(Shop.open().is_ok());
}

#[test]
fn whoever_is_older_is_told_by_the_version_of_what_is_handed_over() {
    let (old, retyped) = (opens::<dyn old::Opens>(), opens::<dyn retyped::Opens>());
    let text = |host: &'static ContractDesc, plugin: &'static ContractDesc| {
        let record = Record::of_contract(plugin);
        let refused = bind(host, plugin).expect_err("it is refused");
        Refusal::new("it.so".to_owned(), host, &record.contracts[0], refused).to_string()
    };
    let said = text(retyped, old);
    assert!(said.contains("`test.opens` hands over `test.session` add: plugin built for"), "{said}");
    let older = "plugin is older (1.0.0, host 2.0.0): rebuild it against test.session 2.x";
    assert_eq!(said.lines().last().map(str::trim), Some(older), "{said}");
    let said = text(old, retyped);
    assert!(said.contains("host is older (1.0.0, plugin 2.0.0): update the host, or use"), "{said}");
}
