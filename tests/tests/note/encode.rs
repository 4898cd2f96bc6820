//! A descriptor by the format's description, for records that the macros would never write, or that their first version
//! did: members end before their flags, methods before their former names.

use plugin_abi::note::MAGIC;

/// One type: kind, name, and what it is made of.
pub(super) struct Type<'a>(pub(super) u8, pub(super) &'a str, pub(super) &'a [usize]);

pub(super) const SCALAR: u8 = 1;
pub(super) const VEC: u8 = 5;
pub(super) const OPTION: u8 = 6;
pub(super) const RESULT: u8 = 7;
pub(super) const STRUCT: u8 = 8;
pub(super) const OPEN: u8 = 10;
pub(super) const BOX: u8 = 12;
pub(super) const TUPLE: u8 = 13;
pub(super) const ARRAY: u8 = 14;
pub(super) const MAP: u8 = 15;
pub(super) const SET: u8 = 16;
pub(super) const STD: u8 = 17;
/// What the next kind will be.
pub(super) const LATER: u8 = 200;

/// The beginning of every descriptor, and these bytes as the record.
pub(super) fn record(body: &[u8]) -> Vec<u8> {
    let head = [&MAGIC[..], &1_u16.to_le_bytes(), &1_u16.to_le_bytes()].concat();
    [&head[..], &item(body)].concat()
}

/// A record with these types, and contracts with these ids, each with one method that returns the first type.
pub(super) fn descriptor(types: &[Type<'_>], ids: &[&str]) -> Vec<u8> {
    let texts = ["package", "1.0.0", "rustc", "target", "symbol"].map(text).concat();
    let types = types.iter().map(|Type(kind, name, members)| {
        let members = members.iter().map(|member| [&text("")[..], &word(*member), &word(0)].concat());
        [&[*kind][..], &text(name), &word(8), &word(8), &list(members), &list([].into_iter())].concat()
    });
    let contracts = ids.iter().map(|id| {
        let texts = [id, "1.0.0", "Trait"].map(text).concat();
        let package = ["package", "1.0.0"].map(text).concat();
        [&texts[..], &[3], &package, &[7; 16], &list([method()].into_iter())].concat()
    });
    record(&[texts, list(types), list(contracts)].concat())
}

fn method() -> Vec<u8> {
    let texts = ["method", "fn method(&self)", ""].map(text).concat();
    let none = list([].into_iter());
    [&texts[..], &[0], &[9; 16], &none, &word(0), &none].concat()
}

fn word(value: usize) -> [u8; 4] {
    u32::try_from(value).expect("it fits").to_le_bytes()
}

fn item(bytes: &[u8]) -> Vec<u8> {
    [&word(bytes.len())[..], bytes].concat()
}

fn text(text: &str) -> Vec<u8> {
    item(text.as_bytes())
}

fn list(items: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let items: Vec<_> = items.map(|bytes| item(&bytes)).collect();
    [&word(items.len())[..], &items.concat()].concat()
}
