//! `cargo plugin-gen accept`

use std::fs;
use std::time::SystemTime;

use clap::Args;

use super::diff::{self, Pair};
use super::project::{Project, Selection};
use super::{Failure, Outcome, style};
use crate::lock::Accepted;
use crate::model::Difference;
use crate::output;
use crate::syntax::Version;

/// The arguments of `accept`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo plugin-gen accept\n  cargo plugin-gen accept -p store-contract --why \"unused since 1.0\""
)]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    /// Why something that breaks is accepted; it is kept in the lock.
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    why: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let project = arguments.selection.project()?;
    let pairs = diff::pairs(&project)?;
    if pairs.is_empty() {
        style::warning("no selected package declares a contract");
        style::help("mark a trait with `#[plugin_contract(id = \"…\", version = \"…\")]`");
    }
    // All or nothing: a refusal leaves every file as it was.
    for pair in &pairs {
        let breaking: Vec<_> = pair.differences().into_iter().filter(Difference::breaks).collect();
        if !breaking.is_empty() && arguments.why.is_none() {
            diff::print_differences(&breaking);
            style::help(
                "this breaks plugins or hosts that are built: say `--why \"…\"`, and raise the contract's version",
            );
            return Err(Failure::Findings);
        }
        version_step(pair)?;
    }
    for pair in pairs {
        accept(&project, pair, arguments.why.as_deref())?;
    }
    Ok(())
}

/// That every contract's version says what changed: what breaks needs a new major version, what is added a minor one.
/// Below 1.0.0 the minor version is the major one, as everywhere with cargo.
fn version_step(pair: &Pair) -> Outcome {
    let differences = pair.differences();
    for (id, now) in &pair.new.contracts {
        let Some(before) = pair.old.contracts.get(id).map(|before| before.version) else { continue };
        let mine = |item: &str| {
            item == id || item.strip_prefix(id.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        let mut mine = differences.iter().filter(|difference| mine(&difference.item)).peekable();
        let changed = mine.peek().is_some();
        let needed = match before {
            Version { major: 0, minor, .. } if changed => Version { major: 0, minor: minor + 1, patch: 0 },
            Version { major, .. } if mine.any(Difference::breaks) => {
                Version { major: major + 1, minor: 0, patch: 0 }
            }
            Version { major, minor, .. } if changed => Version { major, minor: minor + 1, patch: 0 },
            same => same,
        };
        if now.version < needed {
            style::error(&format!(
                "[PC203] `{id}` is at {}, and what changed since {before} needs {needed}",
                now.version
            ));
            style::help(&format!("write `version = \"{needed}\"` in its `#[plugin_contract]`"));
            return Err(Failure::Findings);
        }
    }
    Ok(())
}

fn accept(project: &Project, mut pair: Pair, why: Option<&str>) -> Outcome {
    for difference in pair.differences().iter().filter(|difference| difference.breaks()) {
        let contract = pair.new.contracts.iter().find(|(id, _)| difference.item.starts_with(id.as_str()));
        let newest = pair.new.contracts.values().map(|contract| contract.version).max();
        let to = contract.map(|(_, contract)| contract.version).or(newest);
        if let (Some(to), Some(why)) = (to, why) {
            let (rule, item) = (difference.code.to_string(), difference.item.clone());
            pair.new.accepted.push(Accepted { rule, item, to, why: why.to_owned() });
        }
    }
    let text = pair.new.to_string();
    let written = output::write(pair.path.as_std_path(), text.as_bytes())
        .map_err(|error| Failure::about(project.shorten(&pair.path), error))?;
    if !written {
        style::status("Unchanged", project.shorten(&pair.path).as_str());
        return Ok(());
    }
    let ids: Vec<_> = pair.new.contracts.keys().map(|id| format!("`{id}`")).collect();
    style::status("Accepted", &format!("{} in {}", ids.join(", "), project.shorten(&pair.path)));
    if pair.text.is_none() {
        touch_sources(project, &pair);
    }
    Ok(())
}

/// A lock that is new is not tracked by anything that was compiled before: cargo must see that a source changed.
fn touch_sources(project: &Project, pair: &Pair) {
    let package = project.selected.iter().find(|package| package.name == pair.package);
    let sources = package.into_iter().flat_map(|package| &package.targets).map(|target| &target.src_path);
    for source in sources {
        let touched = fs::File::options()
            .append(true)
            .open(source)
            .and_then(|file| file.set_modified(SystemTime::now()));
        if let Err(error) = touched {
            style::warning(&format!("{source}: {error}; touch it, so that cargo sees the lock"));
        }
    }
}
