//! A lock and its text are one: what is printed can be read, and what can be read is what is printed.

use plugin_gen::lock::{
    Accepted, Bounds, Compat, Contract, Field, Lock, LockError, Method, Removed, StructForm, Type, Variant,
};
use plugin_gen::syntax::Version;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::test_runner::Config;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_][a-zA-Z0-9_]{0,8}",
        "fn [a-z]{1,5}\\(&self, [a-z]{1,4}: &\\[u8\\]\\) -> [A-Z][a-z]{0,5}",
        // Quotes, backslashes, everything but control characters.
        "\\PC{0,12}",
    ]
}

fn version() -> impl Strategy<Value = Version> {
    any::<(u32, u32, u32)>().prop_map(|(major, minor, patch)| Version { major, minor, patch })
}

fn method() -> impl Strategy<Value = Method> {
    let was = vec(text(), 0..3);
    let from = prop_oneof![Just(String::new()), text()];
    let words = (text(), from, text(), btree_map(text(), text(), 0..3));
    (version(), was, any::<bool>(), words, any::<u128>()).prop_map(
        |(since, was, optional, (role, from, signature, resolved), fingerprint)| Method {
            since,
            was,
            optional,
            role,
            from,
            signature,
            resolved,
            fingerprint,
        },
    )
}

fn removed() -> impl Strategy<Value = Removed> {
    (version(), version(), text()).prop_map(|(since, until, signature)| Removed { since, until, signature })
}

fn contract() -> impl Strategy<Value = Contract> {
    let compat = prop_oneof![Just(Compat::Backward), Just(Compat::Forward), Just(Compat::Full)];
    let bounds = any::<(bool, bool)>().prop_map(|(send, sync)| Bounds { send, sync });
    let methods = (btree_map(text(), method(), 0..4), btree_map(text(), removed(), 0..3));
    let bases = btree_set(text(), 0..3);
    (text(), version(), compat, bounds, bases, methods).prop_map(
        |(name, version, compat, bounds, bases, (methods, removed))| {
            let contract =
                Contract { name, version, compat, bounds, bases, fingerprint: 0, methods, removed };
            Contract { fingerprint: contract.hash(), ..contract }
        },
    )
}

fn fields(optional: bool) -> impl Strategy<Value = Vec<Field>> {
    let name = || "[a-z_][a-z0-9_]{0,6}";
    let ty = || prop_oneof!["[A-Z][a-z]{0,5}", "Vec<[a-z]{1,3}::[A-Z][a-z]{0,3}>"];
    let named = vec((name(), ty(), any::<bool>()), 0..4);
    let numbered = vec((ty(), any::<bool>()), 0..4);
    let field = move |(name, ty, absent)| Field { name, ty, optional: optional && absent };
    prop_oneof![
        named.prop_map(move |fields| fields.into_iter().map(field).collect()),
        numbered.prop_map(move |fields| {
            let name = |(at, (ty, absent)): (usize, _)| field((at.to_string(), ty, absent));
            fields.into_iter().enumerate().map(name).collect()
        }),
    ]
}

fn form() -> impl Strategy<Value = StructForm> {
    prop_oneof![Just(StructForm::Mirrored), Just(StructForm::Sized), Just(StructForm::Plain)]
}

fn ty() -> impl Strategy<Value = Type> {
    let variant = (text(), any::<u32>(), fields(false));
    let variant = variant.prop_map(|(name, tag, fields)| Variant { name, tag, fields });
    prop_oneof![
        (form(), fields(true)).prop_map(|(form, fields)| Type::Struct { form, fields }),
        (any::<bool>(), vec(variant, 0..4)).prop_map(|(open, variants)| Type::Enum { open, variants }),
    ]
}

fn accepted() -> impl Strategy<Value = Accepted> {
    (text(), text(), version(), text()).prop_map(|(rule, item, to, why)| Accepted { rule, item, to, why })
}

fn lock() -> impl Strategy<Value = Lock> {
    let types = btree_map(text(), ty(), 0..3);
    (any::<u32>(), btree_map(text(), contract(), 0..3), types, vec(accepted(), 0..3))
        .prop_map(|(abi, contracts, types, accepted)| Lock { abi, contracts, types, accepted })
}

proptest! {
    #![proptest_config(Config { cases: 512, failure_persistence: None, ..Config::default() })]

    #[test]
    fn what_is_printed_is_read_back(lock in lock()) {
        prop_assert_eq!(Lock::parse(&lock.to_string()), Ok(lock));
    }

    #[test]
    fn a_changed_byte_is_an_error_or_another_promise(lock in lock(), at in any::<usize>(), byte in any::<u8>()) {
        let text = lock.to_string();
        let mut bytes = text.clone().into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(changed) = String::from_utf8(bytes)
            && changed != text
            && let Ok(read) = Lock::parse(&changed)
        {
            prop_assert!(read != lock);
            prop_assert_eq!(read.to_string(), changed);
        }
    }

    #[test]
    fn a_line_that_is_lost_or_doubled_is_an_error_or_another_promise(
        lock in lock(), at in any::<usize>(), double in any::<bool>(),
    ) {
        let text = lock.to_string();
        let mut lines: Vec<_> = text.split('\n').collect();
        let at = at % lines.len();
        if double { lines.insert(at, lines[at]) } else { lines.remove(at); }
        let changed = lines.join("\n");
        if changed != text && let Ok(read) = Lock::parse(&changed) {
            prop_assert!(read != lock);
            prop_assert_eq!(read.to_string(), changed);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*") {
        let _ = Lock::parse(&text);
    }

    #[test]
    fn any_lines_of_the_format_are_read_or_refused(
        lines in vec("(\\[|\\[\\[|method\\.|lock = |\"|\\{ |, | = |\\}|\\]|\\\\|[a-z0-9.]|\n){0,12}", 0..8),
    ) {
        let _ = Lock::parse(&format!("lock = 1\nabi = 3\n{}", lines.join("\n")));
    }
}

#[test]
fn any_bit_that_flips_in_a_lock_is_an_error_or_another_promise() {
    let text = super::promised();
    let lock = Lock::parse(&text).expect("it was just written");
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            if let Ok(read) = Lock::parse(&changed) {
                assert!(read != lock, "byte {at}, bit {bit} is not seen");
                assert_eq!(read.to_string(), changed);
            }
        }
    }
}

#[test]
fn what_a_flipped_bit_promises_of_a_method_is_not_what_its_contract_promises() {
    let text = super::promised();
    let start = text.find("fp = \"fnv128:").expect("a method has one") + "fp = \"fnv128:".len();
    for at in start..start + 32 {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
        let changed = String::from_utf8(bytes).expect("digits are text");
        let refused = Lock::parse(&changed).expect_err("the contract's fingerprint is another");
        assert!(matches!(refused, LockError::Fingerprint { .. }), "{refused}");
    }
}

#[test]
fn a_signature_reads_the_same_however_it_was_written() {
    let read =
        |text: &str| plugin_gen::syntax::Method::parse_signature(text).expect("it is a signature").signature;
    let canonical = "fn get(&self, key: &[u8]) -> Result<Vec<u8>, acme::Error>";
    for written in [
        canonical,
        "fn get ( & self , key : & [ u8 ] , ) -> Result < Vec < u8 , > , acme :: Error >",
        "fn get(&self, key: (&[(u8)])) -> std::result::Result<std::vec::Vec<::core::primitive::u8>, acme::Error>",
        "fn get(&self, r#key: &[u8]) -> ::core::result::Result<::std::vec::Vec<u8>, acme::Error>",
    ] {
        assert_eq!(read(written), canonical, "{written}");
    }
    assert_eq!(read("fn clear(&mut self) -> ()"), "fn clear(&mut self)");
    assert_eq!(read("fn r#move(&self, r#type: u8)"), "fn move(&self, type: u8)");
    // What was printed is read again: the lock holds nothing else.
    assert_eq!(read("fn move(&self, type: u8)"), "fn move(&self, type: u8)");
    assert_eq!(read("fn get(&self, of: r#mod::Kind)"), "fn get(&self, of: r#mod::Kind)");
}

#[test]
fn the_empty_lock_is_a_header_the_format_and_the_revision() {
    let text = Lock::default().to_string();
    assert_eq!(text.lines().count(), 3, "{text}");
    assert_eq!(Lock::parse(&text), Ok(Lock::default()));
}

#[test]
fn a_text_without_the_format_is_refused() {
    let refused = |text: &str| Lock::parse(text).expect_err("it is no lock").to_string();
    assert_eq!(refused(""), "line 1: `lock` is missing");
    assert_eq!(refused("lock = 1\n"), "line 1: `abi` is missing");
}

#[test]
fn tables_in_tables_without_end_are_an_error_and_no_overflow() {
    let deep = format!("lock = {}1{}\n", "{ a = ".repeat(100_000), " }".repeat(100_000));
    assert!(Lock::parse(&deep).is_err());
}
