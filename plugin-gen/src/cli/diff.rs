//! `cargo plugin-gen diff`

use std::process::Command;

use cargo_metadata::camino::Utf8Path;
use clap::Args;
use plugin_abi::name::LOCK_FILE;

use super::project::Selection;
use super::survey::{Survey, survey};
use super::{Failure, MessageFormat, Outcome, render};
use crate::lock::Lock;

/// The arguments of `diff`.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo plugin-gen diff\n  cargo plugin-gen diff --against v1.4.0\n  \
                  cargo plugin-gen diff -p store-contract --message-format json")]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    /// Compare with the lock of this git revision instead of the one on disk.
    #[arg(long, value_name = "REV")]
    against: Option<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = MessageFormat::Human, value_name = "FORMAT")]
    message_format: MessageFormat,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let project = arguments.selection.project()?;
    let mut report = render::Report::new(&project);
    for mut survey in survey(&project)? {
        if let Some(revision) = &arguments.against {
            rewind(&mut survey, revision)?;
        }
        survey.tell_hidden(&project);
        match &survey.promised {
            Ok(old) if survey.records.is_err() => report.add(&survey, survey.words(old), None),
            Ok(old) => {
                let now = survey.now(old)?;
                let findings = survey.findings(old, &now);
                let change = render::Change::of(&project, &survey, (old, &now), &findings);
                report.add(&survey, findings, change);
            }
            Err(error) => report.add(&survey, vec![survey.damage(&project, error)], None),
        }
    }
    let differs = !report.is_empty();
    report.print(arguments.message_format, true);
    if differs { Err(Failure::Findings) } else { Ok(()) }
}

/// Puts the lock of a revision in the place of the one on disk.
fn rewind(survey: &mut Survey, revision: &str) -> Outcome {
    let directory = survey.path.parent().unwrap_or(Utf8Path::new("."));
    let git = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(directory).args(arguments).output();
        output.map_err(|error| Failure::about("git cannot be started, and --against asks it", error))
    };
    let said =
        |stderr: &[u8]| String::from_utf8_lossy(stderr).trim().trim_start_matches("fatal: ").to_owned();
    let commit =
        git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")])?;
    if !commit.status.success() {
        let why = said(&commit.stderr);
        let why = if why.is_empty() { "no such revision".to_owned() } else { why };
        return Err(Failure::Usage(format!("--against {revision}: {why}")));
    }
    let commit = String::from_utf8_lossy(&commit.stdout).trim().to_owned();
    // No lock at that revision: nothing was promised yet.
    let listed = git(&["ls-tree", "--name-only", &commit, LOCK_FILE])?;
    survey.text = if listed.stdout.is_empty() {
        None
    } else {
        let shown = git(&["show", &format!("{commit}:./{LOCK_FILE}")])?;
        if !shown.status.success() {
            return Err(Failure::Broken(format!("git show {revision}: {}", said(&shown.stderr))));
        }
        let text = String::from_utf8(shown.stdout);
        Some(text.map_err(|error| Failure::about(format!("{LOCK_FILE} at {revision}"), error))?)
    };
    survey.promised = survey.text.as_deref().map_or_else(|| Ok(Lock::default()), Lock::parse);
    Ok(())
}
