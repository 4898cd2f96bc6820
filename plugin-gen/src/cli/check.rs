//! `cargo plugin-gen check`

use clap::Args;
use plugin_abi::name::LOCK_FILE;

use super::finding::Finding;
use super::project::{Project, Selection};
use super::survey::{Survey, survey};
use super::{Failure, MessageFormat, Outcome, generate, render, style};
use crate::lock::stale;
use crate::report::Code;

/// The arguments of `check`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo plugin-gen check\n  cargo plugin-gen check -p store-contract --message-format short\n  \
                  cargo plugin-gen check --message-format sarif > drift.sarif\n\n\
                  Writes nothing. Ends with 1 when something is to be done; differences that matter to nobody are notes."
)]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    /// How to print.
    #[arg(long, value_enum, default_value_t = MessageFormat::Human, value_name = "FORMAT")]
    message_format: MessageFormat,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let project = arguments.selection.project()?;
    let surveys = survey(&project)?;
    let mut report = render::Report::new(&project);
    for survey in &surveys {
        survey.tell_hidden(&project);
        one(&project, survey, &mut report)?;
    }
    for stale in generate::stale(&project)? {
        let finding = Finding::plain(&stale.package, Code::PC206, stale.message, stale.help);
        report.add_file(finding, stale.change);
    }
    let failed = report.has_errors();
    report.print(arguments.message_format, false);
    if failed {
        return Err(Failure::Findings);
    }
    if arguments.message_format == MessageFormat::Human {
        let contracts: usize =
            surveys.iter().filter_map(|one| Some(one.promised.as_ref().ok()?.contracts.len())).sum();
        style::status(
            "Checked",
            &format!("{contracts} contracts of {} packages: as promised", surveys.len()),
        );
    }
    Ok(())
}

fn one(project: &Project, survey: &Survey, report: &mut render::Report<'_>) -> Outcome {
    let old = match &survey.promised {
        Ok(old) => old,
        Err(error) => {
            report.add(survey, vec![survey.damage(project, error)], None);
            return Ok(());
        }
    };
    if survey.records.is_err() {
        report.add(survey, survey.words(old), None);
        return Ok(());
    }
    let now = survey.now(old)?;
    let mut findings = survey.findings(old, &now);
    findings.extend(stale(old).into_iter().map(|(at, message)| {
        let help = "run `cargo plugin-gen accept`, which leaves it out";
        Finding {
            item: old.accepted[at].item.clone(),
            ..Finding::plain(&survey.package, Code::PC208, message, help)
        }
    }));
    if survey.text.is_some() && !project.packs(&survey.path) {
        style::warning(&format!(
            "`include` or `exclude` of package `{}` leaves {LOCK_FILE} out: who builds it from a registry builds it unlocked",
            survey.package
        ));
        style::help(&format!("add `\"{LOCK_FILE}\"` to `include`"));
    }
    let change = render::Change::of(project, survey, (old, &now), &findings);
    report.add(survey, findings, change);
    Ok(())
}
