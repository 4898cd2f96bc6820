//! `cargo plugin-gen accept`

use std::collections::BTreeMap;
use std::fs;
use std::time::SystemTime;

use clap::{Args, ValueEnum};

use super::finding::Finding;
use super::project::{Project, Selection};
use super::survey::{Survey, survey};
use super::{Failure, MessageFormat, Outcome, bump, render, style};
use crate::lock::{self, Accepted, Compat, Difference, Lock};
use crate::output;
use crate::report::Code;
use crate::syntax::Version;

/// The arguments of `accept`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo plugin-gen accept\n  cargo plugin-gen accept -p store-contract --bump major --why \"keys are bytes now\"\n  \
                  cargo plugin-gen accept --item acme.store.purge --why \"unused since 1.0\"\n  \
                  cargo plugin-gen accept --compat full"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    /// Accept only this, as a finding names it (`acme.store.put`, `StoreError::Io`); may be given several times.
    #[arg(long, value_name = "ITEM")]
    item: Vec<String>,
    /// Raise this part of the version in the attribute of every contract that changed.
    #[arg(long, value_enum, value_name = "PART")]
    bump: Option<bump::Part>,
    /// Why something that breaks is accepted; it is kept in the lock.
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    why: Option<String>,
    /// Promise from now on that these pairs of old and new work.
    #[arg(long, value_enum, value_name = "PAIRS")]
    compat: Option<Pairs>,
}

/// Which pairs of old and new must work.
#[derive(Clone, Copy, ValueEnum)]
enum Pairs {
    /// Plugins built before, in hosts built after.
    Backward,
    /// Plugins built after, in hosts built before.
    Forward,
    /// Both.
    Full,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let project = arguments.selection.project()?;
    let mut surveys = survey(&project)?;
    if surveys.is_empty() {
        style::warning("no selected package declares a contract");
        style::help("mark a trait with `#[plugin_contract(id = \"…\", version = \"…\")]`");
    }
    surveys.iter().for_each(|survey| survey.tell_hidden(&project));
    let mut steps = plan(arguments, &project, &surveys)?;
    // All or nothing: a refusal leaves every file as it was.
    refuse(arguments, &project, &surveys, &steps)?;
    if steps.iter().any(|step| !step.raised.is_empty()) {
        bump::raise(&project, surveys.iter().zip(steps.iter().map(|step| &step.raised)))?;
        // The version is in the records: they are read again.
        surveys = survey(&project)?;
        steps = plan(arguments, &project, &surveys)?;
    }
    surveys
        .iter()
        .zip(steps)
        .try_for_each(|(survey, step)| write(&project, survey, step, arguments.why.as_deref()))
}

/// What is to become of one lock.
struct Step {
    old: Lock,
    new: Lock,
    differences: Vec<Difference>,
    /// Contracts whose version is to be raised first, and to what.
    raised: BTreeMap<String, Version>,
}

fn plan(arguments: &Arguments, project: &Project, surveys: &[Survey]) -> Result<Vec<Step>, Failure> {
    let mut known = arguments.item.is_empty();
    let mut steps = Vec::new();
    for survey in surveys {
        let old = survey.promised.clone().map_err(|error| {
            let file = project.shorten(&survey.path);
            Failure::Broken(format!("[{}] {file}: {error}\n  {}", Code::PC204, error.cure()))
        })?;
        let mut new = survey.now(&old)?;
        let mut differences = lock::diff(&old, &new);
        if !arguments.item.is_empty() {
            let wanted = |difference: &Difference| arguments.item.contains(&difference.item);
            known |= differences.iter().any(wanted);
            new = lock::only(&old, new, &arguments.item);
            differences.retain(wanted);
        }
        if let Some(pairs) = arguments.compat {
            let compat = match pairs {
                Pairs::Backward => Compat::Backward,
                Pairs::Forward => Compat::Forward,
                Pairs::Full => Compat::Full,
            };
            new.contracts.values_mut().for_each(|contract| contract.compat = compat);
        }
        let mut raised = BTreeMap::new();
        if let Some(part) = arguments.bump {
            for (id, promised) in &old.contracts {
                let there = new.contracts.get(id).is_some_and(|now| now.version <= promised.version);
                if there && lock::demanded(id, &old, &differences) != lock::Step::None {
                    raised.insert(id.clone(), part.raise(promised.version));
                }
            }
        }
        steps.push(Step { old, new, differences, raised });
    }
    if !known {
        let items: Vec<_> = surveys
            .iter()
            .zip(&steps)
            .flat_map(|(survey, step)| Some(lock::diff(&step.old, &survey.now(&step.old).ok()?)))
            .flatten()
            .map(|difference| format!("`{}`", difference.item))
            .collect();
        let there = if items.is_empty() { "nothing does".to_owned() } else { items.join(", ") };
        let message =
            format!("`{}` does not differ from the lock; what does: {there}", arguments.item.join("`, `"));
        return Err(Failure::Usage(message));
    }
    Ok(steps)
}

/// Shows what must not be accepted like this.
fn refuse(arguments: &Arguments, project: &Project, surveys: &[Survey], steps: &[Step]) -> Outcome {
    let mut report = render::Report::new(project);
    let mut without_why = false;
    for (survey, Step { old, new, differences, raised }) in surveys.iter().zip(steps) {
        let unexplained = |found: &&Difference| arguments.why.is_none() && found.needs_reason();
        without_why |= differences.iter().any(|found| unexplained(&found));
        let behind = old.contracts.iter().filter_map(|(id, promised)| {
            let version = raised.get(id).copied().or(new.contracts.get(id).map(|now| now.version))?;
            lock::check_step(id, old, promised, version, differences)
        });
        let wrong: Vec<_> = differences.iter().filter(unexplained).cloned().chain(behind).collect();
        if !wrong.is_empty() {
            let finding = |found: &Difference| Finding::new(&survey.package, found, old, &survey.sources);
            report.add(survey, wrong.iter().map(finding).collect(), None);
        }
    }
    if report.is_empty() {
        return Ok(());
    }
    report.print(MessageFormat::Human, false);
    if without_why {
        style::help("this breaks somebody: say why with `--why \"…\"`; it is kept in the lock");
    }
    Err(Failure::Findings)
}

fn write(project: &Project, survey: &Survey, mut step: Step, why: Option<&str>) -> Outcome {
    let gone: Vec<_> = lock::stale(&step.new).into_iter().map(|(at, _)| at).collect();
    let mut at = 0..;
    step.new.accepted.retain(|_| !gone.contains(&at.next().unwrap_or_default()));
    for difference in step.differences.iter().filter(|found| found.needs_reason()) {
        let to = lock::spoken_for(&step.new, difference);
        if let (Some(to), Some(why)) = (to, why) {
            let (rule, item) = (difference.code.to_string(), difference.item.clone());
            step.new.accepted.push(Accepted { rule, item, to, why: why.to_owned() });
        }
    }
    let file = project.shorten(&survey.path);
    let written = output::write(survey.path.as_std_path(), step.new.to_string().as_bytes())
        .map_err(|error| Failure::about(file, error))?;
    if !written {
        style::status("Unchanged", file.as_str());
        return Ok(());
    }
    let ids: Vec<_> = step.new.contracts.keys().map(|id| format!("`{id}`")).collect();
    let what = if ids.len() > 4 { format!("{} contracts", ids.len()) } else { ids.join(", ") };
    style::status("Accepted", &format!("{what} in {file}"));
    if survey.text.is_none() {
        touch_sources(project, survey);
    }
    Ok(())
}

/// A lock that is new is not tracked by anything that was compiled before: cargo must see that a source changed.
fn touch_sources(project: &Project, survey: &Survey) {
    let package = project.selected.iter().find(|package| package.name == survey.package);
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
