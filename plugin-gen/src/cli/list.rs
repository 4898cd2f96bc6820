//! `cargo plugin-gen list`

use std::fs;

use clap::Args;
use plugin_abi::name::LOCK_FILE;
use plugin_abi::note::RecordKind;
use serde_json::{Value, json};

use super::project::Selection;
use super::{FactFormat, Failure, Outcome, compile, style};
use crate::lock::Lock;

/// The arguments of `list`.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo plugin-gen list\n  cargo plugin-gen list --message-format json")]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    /// How to print.
    #[arg(long, value_enum, default_value_t = FactFormat::Human, value_name = "FORMAT")]
    message_format: FactFormat,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let project = arguments.selection.project()?;
    let (mut contracts, mut plugins) = (Vec::new(), Vec::new());
    for described in compile::describe(&project)? {
        let package = &project.metadata[&described.package];
        let Ok(records) = described.records else {
            project.leave_out(package);
            continue;
        };
        let lock = package.manifest_path.with_file_name(LOCK_FILE);
        let lock = fs::read_to_string(lock).ok().and_then(|text| Lock::parse(&text).ok()).unwrap_or_default();
        for record in &records {
            for contract in &record.contracts {
                let mut facts = json!({
                    "id": contract.id,
                    "version": contract.version,
                    "trait": contract.name,
                    "package": record.package,
                    "methods": contract.methods.len(),
                });
                match record.kind {
                    RecordKind::Declares => {
                        facts["locked"] = lock.contracts.contains_key(&contract.id).into();
                        contracts.push(facts);
                    }
                    RecordKind::Exports => plugins.push(facts),
                    RecordKind::Links => {}
                }
            }
        }
    }
    match arguments.message_format {
        FactFormat::Json => anstream::println!("{:#}", json!({ "contracts": contracts, "plugins": plugins })),
        FactFormat::Human => show(&contracts, &plugins),
    }
    // What is missing was said.
    if project.has_left_out() { Err(Failure::Findings) } else { Ok(()) }
}

fn show(contracts: &[Value], plugins: &[Value]) {
    let text = |facts: &Value, key: &str| facts[key].as_str().unwrap_or_default().to_owned();
    let widest = |all: &[Value], key| all.iter().map(|facts| text(facts, key).len()).max().unwrap_or(0);
    // Colour has no width: what is coloured is filled up first.
    let name = |facts: &Value, key, width| style::literal(&format!("{:width$}", text(facts, key)));
    anstream::println!("{}", style::header("contracts"));
    let [ids, versions, traits] = ["id", "version", "trait"].map(|key| widest(contracts, key));
    for facts in contracts {
        let lock =
            if facts["locked"] == true { "locked" } else { "not in the lock: `cargo plugin-gen accept`" };
        anstream::println!(
            "  {}  {:versions$}  trait {:traits$}  {:>2} methods  {}  {}",
            name(facts, "id", ids),
            text(facts, "version"),
            text(facts, "trait"),
            facts["methods"],
            text(facts, "package"),
            style::dim(lock),
        );
    }
    anstream::println!("{}", style::header("plugins"));
    let packages = widest(plugins, "package");
    for facts in plugins {
        let (id, version) = (text(facts, "id"), text(facts, "version"));
        anstream::println!("  {}  exports {id} {version}", name(facts, "package", packages));
    }
}
