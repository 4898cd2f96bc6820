//! `cargo plugin-gen diff`

use std::fs;
use std::io::ErrorKind;

use cargo_metadata::camino::Utf8PathBuf;
use clap::Args;
use plugin_abi::name::LOCK_FILE;
use serde_json::json;
use similar::{ChangeTag, TextDiff};

use super::project::{Project, Selection};
use super::{Failure, MessageFormat, Outcome, compile, style};
use crate::lock::Lock;
use crate::model::{self, Difference};

/// The arguments of `diff`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo plugin-gen diff\n  cargo plugin-gen diff -p store-contract --message-format json"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    /// How to print.
    #[arg(long, value_enum, default_value_t = MessageFormat::Human, value_name = "FORMAT")]
    message_format: MessageFormat,
}

/// A package's lock as it is and as it would be.
pub(super) struct Pair {
    pub(super) package: String,
    pub(super) path: Utf8PathBuf,
    /// Nothing when there is no file yet.
    pub(super) text: Option<String>,
    pub(super) old: Lock,
    pub(super) new: Lock,
}

impl Pair {
    pub(super) fn differences(&self) -> Vec<Difference> {
        model::differences(&self.old, &self.new)
    }

    /// Whether the file is not what would be written.
    pub(super) fn stale(&self) -> bool {
        self.text.as_deref() != Some(&self.new.to_string())
    }
}

/// The locks of the selected packages that declare contracts, or have a lock.
pub(super) fn pairs(project: &Project) -> Result<Vec<Pair>, Failure> {
    let mut pairs = Vec::new();
    for (id, records) in compile::describe(project)? {
        let package = &project.metadata[&id];
        let path = package.manifest_path.with_file_name(LOCK_FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(Failure::about(&path, error)),
        };
        let old = match &text {
            Some(text) => Lock::parse(text).map_err(|error| {
                Failure::Broken(format!("[PC204] {}: {error}\n  {}", project.shorten(&path), error.cure()))
            })?,
            None => Lock::default(),
        };
        let new = model::lock(&records, &old).map_err(|error| Failure::about(&package.name, error))?;
        if text.is_some() || !new.contracts.is_empty() {
            pairs.push(Pair { package: package.name.to_string(), path, text, old, new });
        }
    }
    Ok(pairs)
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let project = arguments.selection.project()?;
    let pairs: Vec<_> = pairs(&project)?.into_iter().filter(Pair::stale).collect();
    if arguments.message_format == MessageFormat::Json {
        let found: Vec<_> = pairs.iter().map(pair_json).collect();
        anstream::println!("{:#}", json!({ "packages": found }));
    } else {
        for pair in &pairs {
            print_differences(&pair.differences());
            print_text_diff(
                project.shorten(&pair.path).as_str(),
                pair.text.as_deref().unwrap_or(""),
                &pair.new.to_string(),
            );
            let breaks = pair.differences().iter().any(Difference::breaks);
            let why = if breaks { " --why \"…\"`, after raising the version" } else { "`" };
            style::help(&format!("to promise this: `cargo plugin-gen accept -p {}{why}", pair.package));
        }
    }
    if pairs.is_empty() { Ok(()) } else { Err(Failure::Findings) }
}

fn pair_json(pair: &Pair) -> serde_json::Value {
    let findings = pair.differences();
    let findings = findings.iter().map(|one| {
        json!({
            "rule": one.code.to_string(),
            "title": one.code.title(),
            "item": one.item,
            "was": one.was,
            "is": one.is,
            "breaking": one.breaks(),
        })
    });
    let state = if pair.text.is_some() { "differs" } else { "missing" };
    json!({ "package": pair.package, "lock": pair.path, "state": state, "findings": findings.collect::<Vec<_>>() })
}

/// One finding a line, with what was and is.
pub(super) fn print_differences(differences: &[Difference]) {
    for Difference { code, item, was, is } in differences {
        let level = if *code == crate::report::Code::PC010 { "note" } else { "error" };
        anstream::eprintln!(
            "{}: {}: {}",
            style::header(&format!("{level}[{code}]")),
            style::literal(item),
            code.title()
        );
        if !was.is_empty() {
            anstream::eprintln!("    was `{was}`");
        }
        if !is.is_empty() {
            anstream::eprintln!("    is  `{is}`");
        }
    }
}

/// A unified diff on stdout: it can be piped.
pub(super) fn print_text_diff(name: &str, old: &str, new: &str) {
    let diff = TextDiff::from_lines(old, new);
    anstream::println!("{}", style::dim(&format!("--- {name} (as it is)\n+++ {name} (as it would be)")));
    for group in diff.grouped_ops(1) {
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let line = change.value().trim_end_matches('\n');
            match change.tag() {
                ChangeTag::Delete => anstream::println!("{}", style::removed(&format!("-{line}"))),
                ChangeTag::Insert => anstream::println!("{}", style::added(&format!("+{line}"))),
                ChangeTag::Equal => anstream::println!(" {line}"),
            }
        }
    }
}
