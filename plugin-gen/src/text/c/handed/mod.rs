//! What is handed over and called: objects, closures, futures, iterators, streams.
//!
//! In: a type of a record. Out: the struct that stands for it, whatever it is behind and whatever it says of threads, because
//! the form is the same. It does not know how such a struct is made or called; `functions` and `object` do.

pub(super) mod functions;
pub(super) mod object;

use std::collections::BTreeSet;
use std::mem::{align_of, offset_of, size_of};

use plugin_abi::describe::Kind;
use plugin_abi::note::{Contract, Record, TypeIndex};
use plugin_abi::wire::{RawFunction, RawFuture, RawIterator, RawObject};

use super::names::{declared, snake};
use super::shape::Decl;
use super::types::{self, Node, Types};

/// What the names end in that follow from one's own, and that itself.
pub(super) fn endings(node: Node) -> &'static [&'static str] {
    match node {
        Node::Object(_) => &["", "class"],
        Node::Function(_) => &["", "out", "fn", "body", "return", "ok", "err"],
        Node::Future(_) => &["", "out", "poll_fn", "ready", "ok", "err"],
        Node::Stream(_) => &["", "out", "poll_fn", "some", "end"],
        Node::Iterator(_) => &["", "out", "next_fn", "some", "end"],
        _ => &[""],
    }
}

/// A contract, and those of all objects that it reaches, each once.
pub(super) fn contracts<'a>(record: &'a Record, first: &'a Contract) -> Vec<&'a Contract> {
    let (mut found, mut at) = (vec![first], 0);
    let mut seen = BTreeSet::new();
    while let Some(contract) = found.get(at).copied() {
        at += 1;
        let mut open: Vec<_> = contract.methods.iter().flat_map(types::of_method).collect();
        while let Some(ty) = open.pop() {
            if !seen.insert(ty) {
                continue;
            }
            let object = self::contract(record, ty);
            if let Some(object) = object.filter(|object| found.iter().all(|known| known.id != object.id)) {
                found.push(object);
            }
            open.extend(types::parts(record, ty));
        }
    }
    found
}

/// The contracts of the objects that a contract reaches, in the order in which the record has the objects.
pub(super) fn objects<'a>(record: &'a Record, of: &'a Contract) -> Vec<&'a Contract> {
    let reached = contracts(record, of);
    let all = (0..record.types.len()).filter_map(|at| contract(record, TypeIndex(u32::try_from(at).ok()?)));
    all.filter(|object| object.id != of.id && reached.iter().any(|one| one.id == object.id)).collect()
}

/// The contract of an object, if it is one.
pub(super) fn contract(record: &Record, at: TypeIndex) -> Option<&Contract> {
    let ty = record.ty(at);
    let object = ty.variants.first().filter(|_| ty.kind == Kind::Object)?;
    record.known_contract(&object.name)
}

/// What is declared for a type.
pub(super) fn node(record: &Record, at: TypeIndex) -> Node {
    let ty = record.ty(at);
    let behind = ty.members.first().map(|member| member.ty);
    match (ty.kind, behind) {
        (Kind::Object, _) => Node::Object(at),
        (Kind::Function, _) => Node::Function(first_alike(record, at)),
        (Kind::Future, Some(item)) => Node::Future(item),
        (Kind::Iterator, Some(item)) => Node::Iterator(item),
        (Kind::Stream, Some(item)) => Node::Stream(item),
        (Kind::Box | Kind::Arc | Kind::Reference, Some(behind)) => match node(record, behind) {
            Node::Type(_) => Node::Type(at),
            handed => handed,
        },
        _ => Node::Type(at),
    }
}

/// `Fn` of `Fn + Send`.
fn head(name: &str) -> &str {
    name.split(" +").next().unwrap_or(name)
}

/// The first closure with this signature: what else it says is not seen on the wire.
fn first_alike(record: &Record, at: TypeIndex) -> TypeIndex {
    let ty = record.ty(at);
    let alike = |other: &plugin_abi::note::Type| {
        other.kind == ty.kind && head(&other.name) == head(&ty.name) && other.members == ty.members
    };
    let first = record.types.iter().position(alike).and_then(|first| u32::try_from(first).ok());
    first.map_or(at, TypeIndex)
}

/// Whether this file declares it.
pub(super) fn is_handed(node: Node) -> bool {
    matches!(
        node,
        Node::Object(_) | Node::Function(_) | Node::Future(_) | Node::Iterator(_) | Node::Stream(_)
    )
}

/// What it is called after.
pub(super) fn parts(record: &Record, node: Node) -> Vec<TypeIndex> {
    match node {
        Node::Function(at) => types::parts(record, at),
        Node::Future(item) | Node::Iterator(item) | Node::Stream(item) | Node::Item(item) => vec![item],
        _ => Vec::new(),
    }
}

/// What it is called unless another is.
pub(super) fn wanted_name(types: &Types<'_>, node: Node) -> String {
    match node {
        Node::Function(at) => {
            let ty = types.ty(at);
            let members: Vec<_> = ty.members.iter().map(|member| types.short(member.ty)).collect();
            format!("{}_{}", snake(head(&ty.name)), members.join("_"))
        }
        Node::Future(item) => format!("future_{}", types.short(item)),
        Node::Iterator(item) => format!("iterator_{}", types.short(item)),
        Node::Stream(item) => format!("stream_{}", types.short(item)),
        Node::Item(item) => format!("item_{}", types.short(item)),
        Node::Object(at) | Node::Type(at) | Node::Variant(at, _) | Node::Fields(at) | Node::Entry(at) => {
            snake(&types.ty(at).name)
        }
    }
}

/// The types of a closure's arguments, and of its result.
pub(super) fn signature(types: &Types<'_>, function: TypeIndex) -> (Vec<TypeIndex>, TypeIndex) {
    let mut members: Vec<_> = types.ty(function).members.iter().map(|member| member.ty).collect();
    let ret = members.pop().unwrap_or(function);
    (members, ret)
}

/// The declaration of what is handed over, or of what comes one by one.
pub(super) fn decl(types: &Types<'_>, node: Node) -> Decl {
    let name = types.name(node);
    let bytes = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
    let layout = |size: usize, align: usize| Some((bytes(size), bytes(align)));
    let out = format!("typedef union @p@_{name}_out @p@_{name}_out;");
    let status = "typedef @p@_status";
    let of = |item| types.show(item);
    match node {
        Node::Function(at) => {
            let mut decl = Decl::new(about_function(types, at));
            let (args, ret) = signature(types, at);
            decl.behind.extend(args.iter().chain([&ret]).map(|part| types.node(*part)));
            let params = params(types, &args);
            decl.before = vec![
                out,
                format!(
                    "typedef @p@_answer @p@_{name}_fn(void *object, {params}@p@_{name}_out *out) @P@_NOEXCEPT;"
                ),
            ];
            decl.layout = layout(size_of::<RawFunction>(), align_of::<RawFunction>());
            let offsets = [
                ("object", "void *object;".to_owned(), offset_of!(RawFunction, object)),
                ("call", format!("@p@_{name}_fn *call;"), offset_of!(RawFunction, call)),
                ("origin", ORIGIN.to_owned(), offset_of!(RawFunction, origin)),
                (
                    "release",
                    "@p@_plugin_release_fn *release; /* null when it is lent */".to_owned(),
                    offset_of!(RawFunction, release),
                ),
            ];
            fields(&mut decl, offsets);
            decl
        }
        Node::Future(item) | Node::Stream(item) => {
            let about = if matches!(node, Node::Future(_)) {
                format!("a future of {}", of(item))
            } else {
                format!("a stream of {}: asked again after each", of(item))
            };
            let mut decl = Decl::new(about + ", pending until it is there");
            decl.behind.push(yielded(types, node));
            decl.before = vec![
                out,
                format!(
                    "{status} @p@_{name}_poll_fn(void **state, const @p@_waker *waker, @p@_{name}_out *out) @P@_NOEXCEPT;"
                ),
            ];
            decl.layout = layout(size_of::<RawFuture<u8>>(), align_of::<RawFuture<u8>>());
            let offsets = [
                ("state", STATE.to_owned(), offset_of!(RawFuture<u8>, state)),
                ("poll", format!("@p@_{name}_poll_fn *poll;"), offset_of!(RawFuture<u8>, poll)),
                ("drop", "@p@_plugin_drop_fn *drop;".to_owned(), offset_of!(RawFuture<u8>, drop)),
                ("origin", ORIGIN.to_owned(), offset_of!(RawFuture<u8>, origin)),
            ];
            fields(&mut decl, offsets);
            decl
        }
        Node::Iterator(item) => {
            let mut decl = Decl::new(format!("an iterator over {}", of(item)));
            decl.behind.push(yielded(types, node));
            decl.before = vec![
                out,
                format!("{status} @p@_{name}_next_fn(void **state, @p@_{name}_out *out) @P@_NOEXCEPT;"),
            ];
            decl.layout = layout(size_of::<RawIterator<u8>>(), align_of::<RawIterator<u8>>());
            let offsets = [
                ("state", STATE.to_owned(), offset_of!(RawIterator<u8>, state)),
                ("next", format!("@p@_{name}_next_fn *next;"), offset_of!(RawIterator<u8>, next)),
                ("drop", "@p@_plugin_drop_fn *drop;".to_owned(), offset_of!(RawIterator<u8>, drop)),
                ("origin", ORIGIN.to_owned(), offset_of!(RawIterator<u8>, origin)),
            ];
            fields(&mut decl, offsets);
            decl
        }
        Node::Item(item) => {
            let mut decl = Decl::new(format!("a {} that comes, or none", of(item)));
            let align = types.ty(item).align.max(1);
            let value = 4_u32.next_multiple_of(align);
            let whole = (value + types.ty(item).size).next_multiple_of(align.max(4));
            decl.members.push("uint32_t tag; /* @P@_NONE or @P@_SOME */".to_owned());
            decl.members.push(format!("{} value;", types.c(item)));
            decl.inside.push(types.node(item));
            decl.layout = Some((whole, align.max(4)));
            decl.offsets.push(("value".to_owned(), value));
            decl
        }
        Node::Object(_) | Node::Type(_) | Node::Variant(..) | Node::Fields(_) | Node::Entry(_) => {
            let shown = match node {
                Node::Object(at) => of(at),
                _ => String::new(),
            };
            let mut decl = Decl::new(format!("an object: {shown}, moved or lent"));
            decl.layout = layout(size_of::<RawObject>(), align_of::<RawObject>());
            let table = "const struct @p@_plugin_object_table *table;".to_owned();
            let offsets = [
                ("object", "void *object;".to_owned(), offset_of!(RawObject, object)),
                ("table", table, offset_of!(RawObject, table)),
            ];
            fields(&mut decl, offsets);
            decl
        }
    }
}

/// Words that mean something to the side that made them only.
const STATE: &str = "void *state[2];";
/// Who made it.
const ORIGIN: &str = "@p@_str (*origin)(void); /* may be null */";

fn fields<const N: usize>(decl: &mut Decl, fields: [(&str, String, usize); N]) {
    for (name, member, at) in fields {
        decl.members.push(member);
        decl.offsets.push((name.to_owned(), u32::try_from(at).unwrap_or(u32::MAX)));
    }
}

fn about_function(types: &Types<'_>, at: TypeIndex) -> String {
    let once = if head(&types.ty(at).name) == "FnOnce" { ", called once" } else { "" };
    let shown = types.show(at);
    // What is said of threads stands in the signatures of methods.
    let shown = shown.trim_end_matches(" + Sync").trim_end_matches(" + Send");
    format!("a closure: {shown}, moved or lent{once}")
}

/// What comes of it: its result, or an item.
pub(super) fn yielded(types: &Types<'_>, node: Node) -> Node {
    match node {
        Node::Future(item) => types.node(item),
        Node::Iterator(item) | Node::Stream(item) => Node::Item(item),
        Node::Function(at) => types.node(signature(types, at).1),
        other => other,
    }
}

/// The parameters of a closure, before the place of its result.
pub(super) fn params(types: &Types<'_>, args: &[TypeIndex]) -> String {
    args.iter()
        .enumerate()
        .map(|(at, arg)| format!("{}, ", declared(&types.c(*arg), &format!("_{at}"))))
        .collect()
}
