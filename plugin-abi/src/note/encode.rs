//! A record into bytes, at run time: what the macros' writer does in consts, for those who have no descriptors.
//!
//! In: a record. Out: what stands in a note behind the entry symbol. It does not know whose note it will be: package,
//! compiler and symbol are the writer's, who may be another compiler's assembler.

use alloc::vec::Vec;

use super::record::{Contract, Member, Method, Record, Type, Variant};
use super::{contract_flag, member_flag, method_flag};
use crate::describe::Receiver;

/// The lists of types and contracts of a record, as a note has them.
#[must_use]
pub fn encode(record: &Record) -> Vec<u8> {
    let mut bytes = Vec::new();
    list(&mut bytes, &record.types, ty);
    list(&mut bytes, &record.contracts, contract);
    bytes
}

fn word(bytes: &mut Vec<u8>, value: u32) {
    bytes.extend(value.to_le_bytes());
}

/// Lengths and counts came out of a note, where they have 32 bits.
fn length(bytes: &mut Vec<u8>, value: usize) {
    word(bytes, u32::try_from(value).unwrap_or(u32::MAX));
}

fn text(bytes: &mut Vec<u8>, value: &str) {
    length(bytes, value.len());
    bytes.extend(value.as_bytes());
}

/// Items, each behind its length.
fn list<T>(bytes: &mut Vec<u8>, items: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
    length(bytes, items.len());
    for one in items {
        let mut item = Vec::new();
        write(&mut item, one);
        length(bytes, item.len());
        bytes.extend(item);
    }
}

fn ty(bytes: &mut Vec<u8>, ty: &Type) {
    bytes.push(ty.kind as u8);
    text(bytes, &ty.name);
    word(bytes, ty.size);
    word(bytes, ty.align);
    list(bytes, &ty.members, member);
    list(bytes, &ty.variants, variant);
}

fn variant(bytes: &mut Vec<u8>, variant: &Variant) {
    text(bytes, &variant.name);
    word(bytes, variant.tag);
    list(bytes, &variant.fields, member);
}

fn member(bytes: &mut Vec<u8>, member: &Member) {
    text(bytes, &member.name);
    word(bytes, member.ty.0);
    word(bytes, member.offset);
    bytes.push(if member.optional { member_flag::OPTIONAL } else { 0 });
}

/// An argument or a mention, which has no flags.
fn bare(bytes: &mut Vec<u8>, member: &Member) {
    text(bytes, &member.name);
    word(bytes, member.ty.0);
    word(bytes, member.offset);
}

fn contract(bytes: &mut Vec<u8>, contract: &Contract) {
    text(bytes, &contract.id);
    text(bytes, &contract.version);
    text(bytes, &contract.name);
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    bytes.push(
        flag(contract.send, contract_flag::SEND)
            | flag(contract.sync, contract_flag::SYNC)
            | flag(contract.locked, contract_flag::LOCKED),
    );
    text(bytes, &contract.package);
    text(bytes, &contract.package_version);
    bytes.extend(contract.fingerprint.0.to_le_bytes());
    list(bytes, &contract.methods, method);
}

fn method(bytes: &mut Vec<u8>, method: &Method) {
    text(bytes, &method.name);
    text(bytes, &method.signature);
    text(bytes, &method.since);
    let exclusive = if method.receiver == Receiver::Exclusive { method_flag::EXCLUSIVE } else { 0 };
    bytes.push(exclusive | if method.optional { method_flag::OPTIONAL } else { 0 });
    bytes.extend(method.fingerprint.0.to_le_bytes());
    list(bytes, &method.args, bare);
    word(bytes, method.ret.0);
    list(bytes, &method.mentions, bare);
    list(bytes, &method.renamed_from, |bytes, name| text(bytes, name));
}
