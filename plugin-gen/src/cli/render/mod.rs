//! Findings as people and programs want them.
//!
//! In: findings, and what a file would be. Out: text on stdout and stderr. It does not decide what is wrong.

mod human;
mod machine;
mod sarif;

use similar::{ChangeTag, TextDiff};

use super::finding::Finding;
use super::project::Project;
use super::survey::Survey;
use super::{MessageFormat, style};
use crate::lock::{Difference, Lock};

/// What was found in one package.
struct Entry {
    package: String,
    /// The lock file, as people in the workspace would write it.
    lock: String,
    /// `current`, `differs` or `missing`.
    state: &'static str,
    findings: Vec<Finding>,
    change: Option<Change>,
}

/// A file as it is and as it would be.
pub(super) struct Change {
    pub(super) name: String,
    pub(super) old: String,
    pub(super) new: String,
    /// The one command that writes it, where a command can.
    pub(super) cure: Option<String>,
}

impl Change {
    /// What `accept` would do to a lock; nothing when it holds that already.
    pub(super) fn of(
        project: &Project,
        survey: &Survey,
        (old, now): (&Lock, &Lock),
        findings: &[Finding],
    ) -> Option<Self> {
        let (is, new) = (survey.text.clone().unwrap_or_default(), now.to_string());
        // Types of contracts that are all `unlocked` are no reason for a lock.
        if is == new || (old.contracts.is_empty() && now.contracts.is_empty()) {
            return None;
        }
        let differences = crate::lock::diff(old, now);
        let step = findings.iter().filter_map(|finding| finding.needs).max();
        let bump = step.and_then(|_| {
            let of = |id: &String| (crate::lock::demanded(id, old, &differences), old.contracts[id].version);
            let demands = old.contracts.keys().map(of).filter(|(step, version)| {
                let behind = now.contracts.values().all(|contract| contract.version < step.after(*version));
                *step != crate::lock::Step::None && behind
            });
            demands
                .max_by_key(|(step, _)| *step)
                .map(|(step, version)| format!(" --bump {}", step.part(version)))
        });
        let why = if differences.iter().any(Difference::needs_reason) { " --why \"…\"" } else { "" };
        // A version that went back is written again, by whoever wrote it.
        let is_back = |(id, now): (&String, &crate::lock::Contract)| {
            old.contracts.get(id).is_some_and(|old| now.version < old.version)
        };
        let cure = (bump.is_some() || !now.contracts.iter().any(is_back)).then(|| {
            let (package, bump, again) = (&survey.package, bump.unwrap_or_default(), project.again());
            format!("cargo plugin-gen accept -p {package}{again}{bump}{why}")
        });
        Some(Self { name: project.shorten(&survey.path).to_string(), old: is, new, cure })
    }
}

/// Everything that one command found.
pub(super) struct Report<'a> {
    project: &'a Project,
    entries: Vec<Entry>,
}

impl<'a> Report<'a> {
    /// Nothing yet.
    pub(super) fn new(project: &'a Project) -> Self {
        Self { project, entries: Vec::new() }
    }

    /// Adds what was found in a package with this lock.
    pub(super) fn add(&mut self, survey: &Survey, findings: Vec<Finding>, change: Option<Change>) {
        let state = match (&survey.text, &change) {
            (None, _) => "missing",
            (Some(_), None) if findings.is_empty() => "current",
            _ => "differs",
        };
        let (package, lock) = (survey.package.clone(), self.project.shorten(&survey.path).to_string());
        self.entries.push(Entry { package, lock, state, findings, change });
    }

    /// Adds a file that is not what would be generated.
    pub(super) fn add_file(&mut self, finding: Finding, change: Change) {
        let (package, lock) = (finding.package.clone(), String::new());
        self.entries.push(Entry {
            package,
            lock,
            state: "differs",
            findings: vec![finding],
            change: Some(change),
        });
    }

    fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.entries.iter().flat_map(|entry| &entry.findings)
    }

    /// Whether somebody has to do something.
    pub(super) fn has_errors(&self) -> bool {
        self.findings().any(Finding::is_error)
    }

    /// Whether nothing differs, not even a word.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.iter().all(|entry| entry.findings.is_empty() && entry.change.is_none())
    }

    /// Prints it: for people findings go to stderr, and the difference between texts to stderr too, or to stdout for who
    /// pipes it; for programs everything goes to stdout.
    pub(super) fn print(&self, format: MessageFormat, pipe: bool) {
        match format {
            MessageFormat::Human => {
                self.findings().for_each(|finding| human::print(self.project, finding));
                for change in self.entries.iter().filter_map(|entry| entry.change.as_ref()) {
                    let text = text_diff(&change.name, &change.old, &change.new);
                    if pipe {
                        anstream::print!("{text}");
                    } else {
                        anstream::eprint!("{text}");
                    }
                    if let Some(cure) = &change.cure {
                        style::help(&format!("`{cure}`"));
                    }
                }
            }
            MessageFormat::Short => machine::short(self.project, self.findings()),
            MessageFormat::Json => machine::json(self.project, &self.entries),
            MessageFormat::Github => machine::github(self.project, self.findings()),
            MessageFormat::Sarif => sarif::print(self.project, self.findings()),
        }
    }
}

/// A unified diff of two texts.
pub(super) fn text_diff(name: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut text = style::dim(&format!("--- {name} (as it is)\n+++ {name} (as it would be)")) + "\n";
    for (at, group) in diff.grouped_ops(1).iter().enumerate() {
        if at > 0 {
            text += &style::dim("@@");
            text.push('\n');
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let line = change.value().trim_end_matches('\n');
            text += &match change.tag() {
                ChangeTag::Delete => style::removed(&format!("-{line}")),
                ChangeTag::Insert => style::added(&format!("+{line}")),
                ChangeTag::Equal => format!(" {line}"),
            };
            text.push('\n');
        }
    }
    text
}
