//! A record's parts in the order of the format, at run time: what the macros' writer does in consts, for those who have no
//! descriptors.
//!
//! In: a record. Out: what stands in a note behind the entry symbol. It does not know whose note it will be, and not even
//! that it is bytes: another compiler's assembler may write it.

use alloc::vec::Vec;

use super::record::{Contract, Member, Method, Record, Type, Variant};
use super::{contract_flag, member_flag, method_flag};
use crate::Fingerprint;
use crate::describe::{Receiver, Waiting};

/// Where the parts go, one after another.
pub trait Sink {
    /// A type, a method, a member or the like begins, with its length.
    fn item(&mut self) {}
    /// A number of one byte.
    fn byte(&mut self, value: u8);
    /// A number of four bytes, little end first.
    fn word(&mut self, value: u32);
    /// A text: its length as a word, and itself.
    fn text(&mut self, value: &str);
    /// Sixteen bytes, little end first.
    fn fingerprint(&mut self, value: Fingerprint);
}

impl Sink for Vec<u8> {
    fn byte(&mut self, value: u8) {
        self.push(value);
    }

    fn word(&mut self, value: u32) {
        self.extend(value.to_le_bytes());
    }

    fn text(&mut self, value: &str) {
        self.word(narrow(value.len()));
        self.extend(value.as_bytes());
    }

    fn fingerprint(&mut self, value: Fingerprint) {
        self.extend(value.0.to_le_bytes());
    }
}

/// Lengths and counts came out of a note, where they have 32 bits.
fn narrow(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// The lists of types, contracts and contracts of objects of a record, as a note has them.
pub fn encode(record: &Record, sink: &mut dyn Sink) {
    list(sink, &record.types, ty);
    list(sink, &record.contracts, contract);
    list(sink, &record.objects, contract);
}

/// Items, each behind its length.
fn list<T>(sink: &mut dyn Sink, items: &[T], write: impl Fn(&mut dyn Sink, &T)) {
    sink.word(narrow(items.len()));
    for one in items {
        let mut measured = Vec::new();
        write(&mut measured, one);
        sink.item();
        sink.word(narrow(measured.len()));
        write(sink, one);
    }
}

fn ty(sink: &mut dyn Sink, ty: &Type) {
    sink.byte(ty.kind as u8);
    sink.text(&ty.name);
    sink.word(ty.size);
    sink.word(ty.align);
    list(sink, &ty.members, member);
    list(sink, &ty.variants, variant);
}

fn variant(sink: &mut dyn Sink, variant: &Variant) {
    sink.text(&variant.name);
    sink.word(variant.tag);
    list(sink, &variant.fields, member);
}

fn member(sink: &mut dyn Sink, member: &Member) {
    bare(sink, member);
    sink.byte(if member.optional { member_flag::OPTIONAL } else { 0 });
}

/// An argument or a mention, which has no flags.
fn bare(sink: &mut dyn Sink, member: &Member) {
    sink.text(&member.name);
    sink.word(member.ty.0);
    sink.word(member.offset);
}

fn contract(sink: &mut dyn Sink, contract: &Contract) {
    sink.text(&contract.id);
    sink.text(&contract.version);
    sink.text(&contract.name);
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    sink.byte(
        flag(contract.send, contract_flag::SEND)
            | flag(contract.sync, contract_flag::SYNC)
            | flag(contract.locked, contract_flag::LOCKED),
    );
    sink.text(&contract.package);
    sink.text(&contract.package_version);
    sink.fingerprint(contract.fingerprint);
    list(sink, &contract.methods, method);
    if !contract.bases.is_empty() {
        list(sink, &contract.bases, |sink, id| sink.text(id));
    }
}

fn method(sink: &mut dyn Sink, method: &Method) {
    sink.text(&method.name);
    sink.text(&method.signature);
    sink.text(&method.since);
    let exclusive = if method.receiver == Receiver::Exclusive { method_flag::EXCLUSIVE } else { 0 };
    let waiting = match method.waiting {
        Waiting::Blocks => 0,
        Waiting::Async => method_flag::ASYNC,
        Waiting::Local => method_flag::ASYNC | method_flag::LOCAL,
    };
    sink.byte(exclusive | waiting | if method.optional { method_flag::OPTIONAL } else { 0 });
    sink.fingerprint(method.fingerprint);
    list(sink, &method.args, bare);
    sink.word(method.ret.0);
    list(sink, &method.mentions, bare);
    list(sink, &method.renamed_from, |sink, name| sink.text(name));
    if !method.role.is_empty() || !method.from.is_empty() {
        sink.text(&method.role);
    }
    if !method.from.is_empty() {
        sink.text(&method.from);
    }
}
