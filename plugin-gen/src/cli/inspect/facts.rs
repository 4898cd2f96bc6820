//! What a library says of itself, for programs.

use std::path::Path;

use plugin_abi::describe::{Kind, Receiver, Waiting};
use plugin_abi::note::{Contract, Member, Record, RecordKind, Type, Variant};
use plugin_bpf::Object;
use serde_json::{Value, json};

use crate::cli::ebpf;
use crate::model::{self, Dynamic};

pub(super) fn json(path: &Path, records: &[Record], dynamic: &Dynamic) -> Value {
    json!({
        "file": path,
        "architecture": dynamic.architecture,
        "needed": dynamic.needed,
        "exports": dynamic.exports,
        "mock": dynamic.is_mock(),
        "records": records.iter().map(record_json).collect::<Vec<_>>(),
    })
}

/// The same of an object for the kernel, which has no note.
pub(super) fn object(path: &Path, object: &Object) -> Value {
    json!({
        "file": path,
        "architecture": "eBPF",
        "needed": [],
        "exports": [],
        "mock": false,
        "records": [],
        "object": ebpf::json(object),
    })
}

fn record_json(record: &Record) -> Value {
    let contracts =
        |all: &[Contract]| -> Vec<_> { all.iter().map(|contract| contract_json(record, contract)).collect() };
    let toolchain = &record.toolchain;
    json!({
        "kind": match record.kind {
            RecordKind::Declares => "declares",
            RecordKind::Exports => "exports",
            RecordKind::Links => "links",
        },
        "package": record.package,
        "version": record.version,
        "symbol": record.symbol,
        "toolchain": {
            "rustc": toolchain.rustc,
            "target": toolchain.target,
            "pointer_width": toolchain.pointer_width,
            "big_endian": toolchain.big_endian,
            "panic": if toolchain.panic_abort { "abort" } else { "unwind" },
            "debug_assertions": toolchain.debug,
        },
        "contracts": contracts(&record.contracts),
        "objects": contracts(&record.objects),
        "types": record.types.iter().map(|ty| type_json(record, ty)).collect::<Vec<_>>(),
    })
}

fn members_json(record: &Record, members: &[Member]) -> Vec<Value> {
    let member = |member: &Member| json!({ "name": member.name, "type": record.show(member.ty).to_string() });
    members.iter().map(member).collect()
}

/// Members with a place of their own: where they lie in the wire form, and whether they may be missing.
fn fields_json(record: &Record, members: &[Member]) -> Vec<Value> {
    let field = |(mut value, member): (Value, &Member)| {
        value["offset"] = member.offset.into();
        if member.optional {
            value["optional"] = true.into();
        }
        value
    };
    members_json(record, members).into_iter().zip(members).map(field).collect()
}

fn contract_json(record: &Record, contract: &Contract) -> Value {
    let methods = contract.methods.iter().map(|method| {
        json!({
            "name": method.name,
            "from": method.from,
            "signature": method.signature,
            "since": method.since,
            "renamed_from": method.renamed_from,
            "optional": method.optional,
            "result": match method.waiting {
                Waiting::Blocks => "returned",
                Waiting::Async => "awaited",
                Waiting::Local => "awaited on its thread",
            },
            "receiver": match method.receiver { Receiver::Shared => "&self", Receiver::Exclusive => "&mut self" },
            "arguments": members_json(record, &method.args),
            "returns": record.show(method.ret).to_string(),
            "names": members_json(record, &method.mentions),
            "fingerprint": method.fingerprint.to_string(),
        })
    });
    json!({
        "id": contract.id,
        "version": contract.version,
        "trait": contract.name,
        "send": contract.send,
        "sync": contract.sync,
        "bases": contract.bases,
        // The header of a plugin in another language does not say.
        "locked": (contract.locked || model::is_of_rustc(record)).then_some(contract.locked),
        "package": contract.package,
        "package_version": contract.package_version,
        "fingerprint": contract.fingerprint.to_string(),
        "methods": methods.collect::<Vec<_>>(),
    })
}

fn type_json(record: &Record, ty: &Type) -> Value {
    let mut value = json!({
        "kind": kind_name(ty.kind),
        "name": ty.name,
        "size": ty.size,
        "align": ty.align,
    });
    let has_places = matches!(ty.kind, Kind::Struct | Kind::Sized | Kind::Plain | Kind::Tuple);
    let members = if has_places { fields_json } else { members_json };
    value["members"] = members(record, &ty.members).into();
    if let (Kind::Object, [contract]) = (ty.kind, &ty.variants[..]) {
        value["contract"] = contract.name.clone().into();
        return value;
    }
    let variant = |variant: &Variant| json!({ "name": variant.name, "tag": variant.tag, "fields": fields_json(record, &variant.fields) });
    value["variants"] = ty.variants.iter().map(variant).collect();
    value
}

/// `slice-mut`: the kind's name as programs have it.
fn kind_name(kind: Kind) -> String {
    let mut name = String::new();
    for letter in format!("{kind:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.extend(letter.to_lowercase());
    }
    name
}
