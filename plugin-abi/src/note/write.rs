//! Descriptors into bytes, in consts.

use super::{HEAD, MAGIC, REVISION, RecordKind, TEXTS, contract_flag, flag, member_flag, method_flag};
use crate::describe::{ContractDesc, Member, MethodDesc, Package, Receiver, TypeDesc, Waiting};
use crate::name::NOTE_OWNER;
use crate::{Fingerprint, Graph};

/// A record as the macros put it together.
pub struct RecordDesc {
    /// What it is for.
    pub kind: RecordKind,
    /// The package that is compiled.
    pub package: Package,
    /// The entry symbol; empty for what is no [`RecordKind::Exports`].
    pub symbol: &'static str,
    /// The contracts declared or exported.
    pub contracts: &'static [&'static ContractDesc],
}

/// The bytes of one ELF note, aligned as notes are.
#[repr(C, align(4))]
pub struct Note<const N: usize>(pub [u8; N]);

/// How many bytes the note of a record has: the `N` of its [`Note`].
#[must_use]
pub const fn length(record: &RecordDesc) -> usize {
    let mut writer = Writer::<0>::new();
    writer.note(record);
    writer.at
}

impl<const N: usize> Note<N> {
    /// The note of a record.
    #[must_use]
    pub const fn of(record: &RecordDesc) -> Self {
        let mut writer = Writer::<N>::new();
        writer.note(record);
        assert!(writer.at == N, "a note's length is `note::length` of its record");
        Self(writer.bytes)
    }

    /// What it says of types and contracts, without who says it: the same bytes in the note of a contract's crate, and in that
    /// of a plugin which exports this one contract.
    #[must_use]
    pub const fn noted(&self) -> &[u8] {
        let mut at = noted_at(&self.0);
        let (_, noted) = self.0.split_at(at);
        // Behind it there are the zeros that end a note.
        at = FRAME + word_at(&self.0, 4) - at;
        noted.split_at(at).0
    }
}

/// How long a note is before its descriptor: three words, the owner's name, a zero.
const FRAME: usize = 12 + NOTE_OWNER.len().next_multiple_of(4);

/// Where a note of ours goes on behind the texts that say who wrote it.
const fn noted_at(note: &[u8]) -> usize {
    let mut at = FRAME + HEAD;
    let mut texts = 0;
    while texts < TEXTS {
        at += 4 + word_at(note, at);
        texts += 1;
    }
    at
}

/// A length in a note that was written here, in whichever byte order it is.
const fn word_at(note: &[u8], at: usize) -> usize {
    let bytes = [note[at], note[at + 1], note[at + 2], note[at + 3]];
    // The frame is in the target's byte order, and what is in it little-endian.
    let word = if at < FRAME { u32::from_ne_bytes(bytes) } else { u32::from_le_bytes(bytes) };
    word as usize
}

/// Writes what fits and counts the rest: with `N` = 0 it measures.
struct Writer<const N: usize> {
    bytes: [u8; N],
    at: usize,
}

impl<const N: usize> Writer<N> {
    const fn new() -> Self {
        Self { bytes: [0; N], at: 0 }
    }

    const fn put(&mut self, bytes: &[u8]) {
        if self.at + bytes.len() <= N {
            let (_, rest) = self.bytes.split_at_mut(self.at);
            let (place, _) = rest.split_at_mut(bytes.len());
            place.copy_from_slice(bytes);
        }
        self.at += bytes.len();
    }

    const fn byte(&mut self, value: u8) {
        self.put(&[value]);
    }

    const fn short(&mut self, value: u16) {
        self.put(&value.to_le_bytes());
    }

    const fn word(&mut self, value: usize) {
        assert!(value <= u32::MAX as usize, "a length in a note has 32 bits");
        self.put(&(value as u32).to_le_bytes());
    }

    const fn text(&mut self, value: &str) {
        self.word(value.len());
        self.put(value.as_bytes());
    }

    const fn fingerprint(&mut self, value: Fingerprint) {
        self.put(&value.0.to_le_bytes());
    }

    /// Leaves room for a length.
    const fn open(&mut self) -> usize {
        self.word(0);
        self.at
    }

    /// Fills in how much was written since `open`.
    const fn close(&mut self, opened: usize) {
        let end = self.at;
        self.at = opened - 4;
        self.word(end - opened);
        self.at = end;
    }

    const fn pad(&mut self) {
        while !self.at.is_multiple_of(4) {
            self.byte(0);
        }
    }

    const fn note(&mut self, record: &RecordDesc) {
        // The frame is in the target's byte order, which is the reader's as long as the machine is the right one.
        self.put(&(NOTE_OWNER.len() as u32).to_ne_bytes());
        let size_at = self.at;
        self.word(0);
        self.put(&(record.kind as u32).to_ne_bytes());
        self.put(&NOTE_OWNER);
        self.pad();
        let start = self.at;
        self.record(record);
        let end = self.at;
        self.at = size_at;
        self.put(&((end - start) as u32).to_ne_bytes());
        self.at = end;
        self.pad();
    }

    const fn record(&mut self, record: &RecordDesc) {
        self.put(&MAGIC);
        self.short(REVISION);
        self.short(target_flags());
        let all = self.open();
        // Who links a crate in needs its names only, and has them in each library.
        let whole = !matches!(record.kind, RecordKind::Links);
        self.package(&record.package);
        self.text(if whole { RUSTC } else { "" });
        self.text(if whole { TARGET } else { "" });
        self.text(record.symbol);
        let mut graph = Graph::of_contracts(if whole { record.contracts } else { &[] });
        self.word(graph.len());
        let mut at = 0;
        while at < graph.len() {
            let ty = graph.node(at);
            self.type_item(&mut graph, ty);
            at += 1;
        }
        self.word(record.contracts.len());
        let mut at = 0;
        while at < record.contracts.len() {
            self.contract(&mut graph, record.contracts[at], whole);
            at += 1;
        }
        self.objects(&mut graph, record.contracts);
        self.close(all);
    }

    /// The contracts of objects, in the order in which the walk met them.
    const fn objects(&mut self, graph: &mut Graph, but: &[&ContractDesc]) {
        let (mut count, mut at) = (0, 0);
        while at < graph.len() {
            count += graph.object(at, but).is_some() as usize;
            at += 1;
        }
        self.word(count);
        let mut at = 0;
        while at < graph.len() {
            if let Some(object) = graph.object(at, but) {
                self.contract(graph, object, true);
            }
            at += 1;
        }
    }

    const fn package(&mut self, package: &Package) {
        self.text(package.name);
        self.text(package.version);
    }

    const fn type_item(&mut self, graph: &mut Graph, ty: &TypeDesc) {
        let item = self.open();
        self.byte(ty.kind as u8);
        self.text(ty.name);
        self.word(ty.size);
        self.word(ty.align);
        self.members(graph, ty.members);
        self.word(ty.variants.len());
        let mut at = 0;
        while at < ty.variants.len() {
            let variant = &ty.variants[at];
            let item = self.open();
            self.text(variant.name);
            self.word(variant.tag as usize);
            self.members(graph, variant.fields);
            self.close(item);
            at += 1;
        }
        self.close(item);
    }

    const fn members(&mut self, graph: &mut Graph, members: &[Member]) {
        self.word(members.len());
        let mut at = 0;
        while at < members.len() {
            let item = self.open();
            self.text(members[at].name);
            self.word(graph.insert(members[at].ty));
            self.word(members[at].offset);
            self.byte(if members[at].optional { member_flag::OPTIONAL } else { 0 });
            self.close(item);
            at += 1;
        }
    }

    const fn contract(&mut self, graph: &mut Graph, contract: &ContractDesc, whole: bool) {
        let item = self.open();
        self.text(contract.id);
        self.text(if whole { contract.version } else { "" });
        self.text(if whole { contract.name } else { "" });
        let mut flags = 0;
        flags |= if contract.send { contract_flag::SEND } else { 0 };
        flags |= if contract.sync { contract_flag::SYNC } else { 0 };
        flags |= if contract.locked { contract_flag::LOCKED } else { 0 };
        self.byte(flags);
        self.package(if whole { &contract.package } else { &Package { name: "", version: "" } });
        self.fingerprint(contract.fingerprint);
        let methods = if whole { contract.methods } else { &[] };
        self.word(methods.len());
        let mut at = 0;
        while at < methods.len() {
            self.method(graph, &methods[at]);
            at += 1;
        }
        let bases = if whole { contract.bases } else { &[] };
        if !bases.is_empty() {
            self.word(bases.len());
        }
        let mut at = 0;
        while at < bases.len() {
            let item = self.open();
            self.text(bases[at].contract.id);
            self.close(item);
            at += 1;
        }
        self.close(item);
    }

    const fn method(&mut self, graph: &mut Graph, method: &MethodDesc) {
        let item = self.open();
        self.text(method.name);
        self.text(method.signature);
        self.text(method.since);
        let exclusive = matches!(method.shape.receiver, Receiver::Exclusive);
        let mut flags = 0;
        flags |= if exclusive { method_flag::EXCLUSIVE } else { 0 };
        flags |= if method.optional { method_flag::OPTIONAL } else { 0 };
        flags |= match method.shape.waiting {
            Waiting::Blocks => 0,
            Waiting::Async => method_flag::ASYNC,
            Waiting::Local => method_flag::ASYNC | method_flag::LOCAL,
        };
        self.byte(flags);
        self.fingerprint(method.fingerprint);
        self.word(method.shape.args.len());
        let mut at = 0;
        while at < method.shape.args.len() {
            let arg = &method.shape.args[at];
            let item = self.open();
            self.text(arg.name);
            self.word(graph.insert(arg.ty));
            self.word(0);
            self.close(item);
            at += 1;
        }
        self.word(graph.insert(method.shape.ret));
        self.word(method.mentions.len());
        let mut at = 0;
        while at < method.mentions.len() {
            let mention = &method.mentions[at];
            let item = self.open();
            self.text(mention.text);
            self.word(graph.insert(mention.ty));
            self.word(0);
            self.close(item);
            at += 1;
        }
        self.word(method.renamed_from.len());
        let mut at = 0;
        while at < method.renamed_from.len() {
            let item = self.open();
            self.text(method.renamed_from[at]);
            self.close(item);
            at += 1;
        }
        // Left out where there is none, so that every note is what it was.
        if !method.shape.role.is_empty() || !method.from.is_empty() {
            self.text(method.shape.role);
        }
        if !method.from.is_empty() {
            self.text(method.from);
        }
        self.close(item);
    }
}

/// As `rustc --version` printed it, says the build script.
pub(super) const RUSTC: &str = env!("PLUGIN_ABI_RUSTC");

/// The target triple, says the build script.
pub(super) const TARGET: &str = env!("PLUGIN_ABI_TARGET");

pub(super) const fn target_flags() -> u16 {
    let mut flags = 0;
    flags |= if cfg!(target_pointer_width = "64") { flag::POINTERS_64 } else { 0 };
    flags |= if cfg!(target_endian = "big") { flag::BIG_ENDIAN } else { 0 };
    flags |= if cfg!(panic = "abort") { flag::PANIC_ABORT } else { 0 };
    flags |= if cfg!(debug_assertions) { flag::DEBUG } else { 0 };
    flags
}
