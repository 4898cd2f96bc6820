//! What a library says of itself, for people.

use std::collections::BTreeMap;
use std::path::Path;

use plugin_abi::describe::Kind;
use plugin_abi::note::{Contract, Member, Method, Record, RecordKind, Type, Variant};
use plugin_bpf::Object;

use crate::cli::{ebpf, style};
use crate::model::{self, Dynamic};

pub(super) fn text(path: &Path, records: &[Record], dynamic: &Dynamic) -> String {
    let mut out = format!("{}\n", style::header(&path.display().to_string()));
    out += &format!("  architecture  {}\n", dynamic.architecture);
    out += &format!("  needs         {}\n", list(&dynamic.needed));
    out += &format!("  exports       {}\n", list(&dynamic.exports));
    // What a plugin exports comes first; what it links is a footnote.
    let exports: Vec<_> = records.iter().filter(|record| record.kind == RecordKind::Exports).collect();
    let mut declares = records.iter().filter(|record| record.kind == RecordKind::Declares).peekable();
    for record in &exports {
        let kind = if dynamic.is_mock() { "mock, for tests" } else { "plugin" };
        let (kind, name) = (style::header(kind), style::literal(&record.package));
        out += &format!("\n{kind} {name} {}\n  entry         {}\n", record.version, record.symbol);
        out += &record_text(record);
    }
    if exports.is_empty() && declares.peek().is_some() {
        for record in declares {
            let (kind, name) = (style::header("contracts of"), style::literal(&record.package));
            out += &format!("\n{kind} {name} {}\n", record.version);
            out += &record_text(record);
        }
        return out;
    }
    let mut linked: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for record in records.iter().filter(|record| record.kind == RecordKind::Links) {
        let declared = linked.entry((&record.package, &record.version)).or_default();
        declared.extend(record.contracts.iter().map(|contract| &*contract.id));
    }
    for ((package, version), mut declared) in linked {
        // One id stands there for each version of the contract.
        declared.sort_unstable();
        declared.dedup();
        let line = format!("\nlinks {package} {version}, which declares {}\n", declared.join(", "));
        out += &style::dim(&line);
    }
    out
}

/// The same of an object for the kernel.
pub(super) fn object(path: &Path, object: &Object) -> String {
    let mut out = format!("{}\n  architecture  eBPF\n", style::header(&path.display().to_string()));
    for (word, what) in ebpf::facts(object) {
        out += &format!("  {word:<13} {what}\n");
    }
    out + "\nan eBPF object: a host with plugin-host's feature `ebpf` loads it, by the contract that the host names\n"
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
    if !record.objects.is_empty() {
        out += &format!("\n  {}\n", style::header("objects that cross"));
        for contract in &record.objects {
            out += &contract_text(record, contract);
        }
    }
    let types: Vec<_> = record.types.iter().filter_map(|ty| type_text(record, ty)).collect();
    if !types.is_empty() {
        out += &format!("\n  {}\n", style::header("types"));
    }
    for ty in types {
        out += &format!("    {ty}\n");
    }
    out
}

fn contract_text(record: &Record, contract: &Contract) -> String {
    let bounds = [(contract.send, "Send"), (contract.sync, "Sync")].into_iter();
    let bounds = bounds.filter_map(|(demanded, bound)| demanded.then_some(bound));
    let supertraits: Vec<_> = contract.bases.iter().map(String::as_str).chain(bounds).collect();
    let colon = if supertraits.is_empty() { "" } else { ": " };
    let locked = if contract.locked {
        "locked"
    } else if model::is_of_rustc(record) {
        "not locked"
    } else {
        "locked or not, its header does not say"
    };
    let mut out = format!(
        "\n  {} {}  trait {}{colon}{}, from {} {}, {locked}\n    {}\n",
        style::literal(&contract.id),
        contract.version,
        contract.name,
        supertraits.join(" + "),
        contract.package,
        contract.package_version,
        style::dim(&contract.fingerprint.to_string()),
    );
    for method in &contract.methods {
        out += &method_text(record, method);
    }
    out
}

fn method_text(record: &Record, method: &Method) -> String {
    let mut out = format!("    {}", method.signature);
    if !method.from.is_empty() {
        out += &format!("  from {}", method.from);
    }
    if !method.since.is_empty() {
        out += &format!("  since {}", method.since);
    }
    if method.optional {
        out += "  optional";
    }
    if !method.renamed_from.is_empty() {
        out += &format!("  was {}", method.renamed_from.join(", "));
    }
    out.push('\n');
    for mention in &method.mentions {
        let meant = record.show(mention.ty).to_string();
        if meant != without_lifetimes(&mention.name) {
            out += &format!("      where {} = {meant}\n", mention.name);
        }
    }
    out + &format!("      {}\n", style::dim(&method.fingerprint.to_string()))
}

/// Nothing is seen of lifetimes where a type is only named: `BoxStream<'_, u64>` is `BoxStream<u64>`.
fn without_lifetimes(name: &str) -> String {
    name.replace("'_, ", "").replace("'static, ", "")
}

/// A derived type, as it is declared; nothing for any other.
fn type_text(record: &Record, ty: &Type) -> Option<String> {
    let name = &ty.name;
    let structure = |kind: &str| format!("{kind} {name}{}", fields(record, &ty.members));
    let choice = |kind: &str, rest: &str| {
        let variant = |one: &Variant| format!("{}{} = {}", one.name, fields(record, &one.fields), one.tag);
        let variants: Vec<_> = ty.variants.iter().map(variant).collect();
        format!("{kind} {name} {{ {}{rest} }}", variants.join(", "))
    };
    Some(match ty.kind {
        Kind::Struct => structure("struct"),
        Kind::Sized => structure("sized struct"),
        Kind::Plain => format!("{}, {} bytes", structure("plain struct"), ty.size),
        Kind::Enum => choice("enum", ""),
        Kind::Open => choice("open enum", ", .."),
        _ => return None,
    })
}

/// `(String)`, ` { to: String }`, or nothing.
fn fields(record: &Record, members: &[Member]) -> String {
    let Some(first) = members.first() else { return String::new() };
    let is_tuple = first.name.starts_with(|first: char| first.is_ascii_digit());
    let field = |member: &Member| {
        let name = if is_tuple { String::new() } else { format!("{}: ", member.name) };
        let default = if member.optional { " = default" } else { "" };
        format!("{name}{}{default}", record.show(member.ty))
    };
    let all: Vec<_> = members.iter().map(field).collect();
    if is_tuple { format!("({})", all.join(", ")) } else { format!(" {{ {} }}", all.join(", ")) }
}
