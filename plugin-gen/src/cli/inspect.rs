//! `cargo plugin-gen inspect`

use std::path::{Path, PathBuf};

use clap::Args;
use plugin_abi::describe::{Kind, Receiver};
use plugin_abi::note::{Contract, Member, Record, RecordKind, Type};
use serde_json::{Value, json};

use super::{FactFormat, Failure, Outcome, style};
use crate::model::{self, Dynamic};

/// The arguments of `inspect`.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo plugin-gen inspect target/plugins/libdisk.so\n  \
                        cargo plugin-gen inspect --message-format json target/plugins/libdisk.so")]
pub(super) struct Arguments {
    /// The library: a shared object, an rlib, an executable.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How to print.
    #[arg(long, value_enum, default_value_t = FactFormat::Human, value_name = "FORMAT")]
    message_format: FactFormat,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let path = &arguments.file;
    let failed = |error: &dyn std::fmt::Display| Failure::about(path.display(), error);
    if path.is_dir() {
        return Err(failed(&"expected a library, found a directory"));
    }
    let records = model::records(path).map_err(|error| failed(&error))?;
    let dynamic = Dynamic::read(path).map_err(|error| failed(&error))?;
    if arguments.message_format == FactFormat::Json {
        let shown: Vec<_> = records.iter().map(record_json).collect();
        let document = json!({
            "file": path,
            "architecture": dynamic.architecture,
            "needed": dynamic.needed,
            "exports": dynamic.exports,
            "records": shown,
        });
        anstream::println!("{document:#}");
    } else {
        anstream::print!("{}", text(path, &records, &dynamic));
    }
    if records.is_empty() {
        style::warning(
            "there is no plugin note in this file: it is neither a plugin nor a contract's library",
        );
        return Err(Failure::Findings);
    }
    Ok(())
}

fn text(path: &Path, records: &[Record], dynamic: &Dynamic) -> String {
    let mut out = format!("{}\n", style::header(&path.display().to_string()));
    out += &format!("  architecture  {}\n", dynamic.architecture);
    out += &format!("  needs         {}\n", list(&dynamic.needed));
    out += &format!("  exports       {}\n", list(&dynamic.exports));
    // What a plugin exports comes first; what it links is a footnote.
    let exports = records.iter().filter(|record| record.kind == RecordKind::Exports);
    let declares = records.iter().filter(|record| record.kind == RecordKind::Declares);
    let has_exports = exports.clone().next().is_some();
    for record in exports {
        out += &format!(
            "\n{} {} {}\n",
            style::header("plugin"),
            style::literal(&record.package),
            record.version
        );
        out += &format!("  entry         {}\n", record.symbol);
        out += &record_text(record);
    }
    for record in declares {
        if has_exports {
            for contract in &record.contracts {
                out += &style::dim(&format!(
                    "\nlinks {} {}, which declares {}\n",
                    record.package, record.version, contract.id
                ));
            }
        } else {
            out += &format!(
                "\n{} {} {}\n",
                style::header("contracts of"),
                style::literal(&record.package),
                record.version
            );
            out += &record_text(record);
        }
    }
    out
}

fn list(items: &[String]) -> String {
    if items.is_empty() { "nothing".to_owned() } else { items.join(", ") }
}

fn record_text(record: &Record) -> String {
    let toolchain = &record.toolchain;
    let profile = if toolchain.debug { "debug" } else { "release" };
    let panics = if toolchain.panic_abort { ", panics abort" } else { "" };
    let mut out =
        format!("  built by      {} for {}, {profile}{panics}\n", toolchain.rustc, toolchain.target);
    for contract in &record.contracts {
        out += &contract_text(record, contract);
    }
    let derived: Vec<_> =
        record.types.iter().filter(|ty| matches!(ty.kind, Kind::Struct | Kind::Enum)).collect();
    if !derived.is_empty() {
        out += &format!("\n  {}\n", style::header("types"));
    }
    for ty in derived {
        out += &format!("    {}\n", type_text(record, ty));
    }
    out
}

fn contract_text(record: &Record, contract: &Contract) -> String {
    let bounds = match (contract.send, contract.sync) {
        (true, true) => ": Send + Sync",
        (true, false) => ": Send",
        (false, true) => ": Sync",
        (false, false) => "",
    };
    let locked = if contract.locked { "locked" } else { "not locked" };
    let mut out = format!(
        "\n  {} {}  trait {}{bounds}, from {} {}, {locked}\n    {}\n",
        style::literal(&contract.id),
        contract.version,
        contract.name,
        contract.package,
        contract.package_version,
        style::dim(&contract.fingerprint.to_string()),
    );
    for method in &contract.methods {
        let since = if method.since.is_empty() { String::new() } else { format!("  since {}", method.since) };
        let optional = if method.optional { "  optional" } else { "" };
        out += &format!("    {}{since}{optional}\n", method.signature);
        for mention in &method.mentions {
            let meant = record.show(mention.ty).to_string();
            if meant != mention.name {
                out += &format!("      where {} = {meant}\n", mention.name);
            }
        }
        out += &format!("      {}\n", style::dim(&method.fingerprint.to_string()));
    }
    out
}

fn type_text(record: &Record, ty: &Type) -> String {
    let fields = |members: &[Member]| {
        let fields = members.iter().map(|field| format!("{}: {}", field.name, record.show(field.ty)));
        fields.collect::<Vec<_>>().join(", ")
    };
    match ty.kind {
        Kind::Enum => {
            let variants = ty.variants.iter().map(|variant| {
                let fields = if variant.fields.is_empty() {
                    String::new()
                } else {
                    format!(" {{ {} }}", fields(&variant.fields))
                };
                format!("{} = {}{fields}", variant.name, variant.tag)
            });
            format!("enum {} {{ {} }}", ty.name, variants.collect::<Vec<_>>().join(", "))
        }
        _ => format!("struct {} {{ {} }}", ty.name, fields(&ty.members)),
    }
}

fn record_json(record: &Record) -> Value {
    let toolchain = &record.toolchain;
    json!({
        "kind": match record.kind { RecordKind::Declares => "declares", RecordKind::Exports => "exports" },
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
        "contracts": record.contracts.iter().map(|contract| contract_json(record, contract)).collect::<Vec<_>>(),
        "types": record.types.iter().map(|ty| type_json(record, ty)).collect::<Vec<_>>(),
    })
}

fn members_json(record: &Record, members: &[Member], offsets: bool) -> Vec<Value> {
    let member = |member: &Member| {
        let mut value = json!({ "name": member.name, "type": record.show(member.ty).to_string() });
        if offsets {
            value["offset"] = member.offset.into();
        }
        value
    };
    members.iter().map(member).collect()
}

fn contract_json(record: &Record, contract: &Contract) -> Value {
    let methods = contract.methods.iter().map(|method| {
        json!({
            "name": method.name,
            "signature": method.signature,
            "since": method.since,
            "optional": method.optional,
            "receiver": match method.receiver { Receiver::Shared => "&self", Receiver::Exclusive => "&mut self" },
            "arguments": members_json(record, &method.args, false),
            "returns": record.show(method.ret).to_string(),
            "names": members_json(record, &method.mentions, false),
            "fingerprint": method.fingerprint.to_string(),
        })
    });
    json!({
        "id": contract.id,
        "version": contract.version,
        "trait": contract.name,
        "send": contract.send,
        "sync": contract.sync,
        "locked": contract.locked,
        "package": contract.package,
        "package_version": contract.package_version,
        "fingerprint": contract.fingerprint.to_string(),
        "methods": methods.collect::<Vec<_>>(),
    })
}

fn type_json(record: &Record, ty: &Type) -> Value {
    let variants = ty.variants.iter().map(|variant| {
        json!({ "name": variant.name, "tag": variant.tag, "fields": members_json(record, &variant.fields, true) })
    });
    json!({
        "kind": format!("{:?}", ty.kind).to_lowercase(),
        "name": ty.name,
        "size": ty.size,
        "align": ty.align,
        "members": members_json(record, &ty.members, ty.kind == Kind::Struct),
        "variants": variants.collect::<Vec<_>>(),
    })
}
