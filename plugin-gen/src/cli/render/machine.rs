//! Findings for programs: one line each, JSON, and the workflow commands of GitHub.

use serde_json::{Value, json};

use super::Entry;
use crate::cli::finding::Finding;
use crate::cli::project::Project;
use crate::lock;

/// `src/lib.rs:12:47: error[PC003]: type of argument …`, for editors and grep.
pub(super) fn short<'a>(project: &Project, findings: impl Iterator<Item = &'a Finding>) {
    for finding in findings {
        let place = finding.place.as_ref().map_or_else(String::new, |at| {
            let region = at.region();
            let path = project.shorten_path(&at.path).display();
            format!("{path}:{}:{}: ", region.line, region.column)
        });
        anstream::println!("{place}{}[{}]: {}", level(finding), finding.code, sentence(finding));
    }
}

fn level(finding: &Finding) -> &'static str {
    if finding.is_error() { "error" } else { "note" }
}

/// What happened, on one line.
pub(super) fn sentence(finding: &Finding) -> String {
    lock::sentence(&finding.message, &finding.was, &finding.is)
}

/// One document: packages, each with its findings and what its lock would be.
pub(super) fn json(project: &Project, entries: &[Entry]) {
    let packages: Vec<_> = entries
        .iter()
        .map(|entry| {
            let findings: Vec<_> = entry.findings.iter().map(|finding| finding_json(project, finding)).collect();
            let mut package =
                json!({ "package": entry.package, "lock": entry.lock, "state": entry.state, "findings": findings });
            if let Some(change) = &entry.change {
                package["cure"] = change.cure.clone().into();
            }
            package
        })
        .collect();
    anstream::println!("{:#}", json!({ "packages": packages }));
}

fn finding_json(project: &Project, finding: &Finding) -> Value {
    let place = finding.place.as_ref().map(|at| {
        let region = at.region();
        json!({
            "path": project.shorten_path(&at.path),
            "line": region.line,
            "column": region.column,
            "end_line": region.end_line,
            "end_column": region.end_column,
            "bytes": [at.bytes.start, at.bytes.end],
        })
    });
    json!({
        "rule": finding.code.to_string(),
        "title": finding.code.title(),
        "level": finding.level.to_string(),
        "item": finding.item,
        "message": finding.message,
        "was": finding.was,
        "is": finding.is,
        "breaks": finding.breaks,
        "needs": finding.needs.map(|version| version.to_string()),
        "help": finding.help,
        "place": place,
    })
}

/// `::error file=…,line=…::…`: shown beside the line in a pull request. The format escapes what would end a property
/// (docs.github.com, "Workflow commands").
pub(super) fn github<'a>(project: &Project, findings: impl Iterator<Item = &'a Finding>) {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    for finding in findings {
        let command = if finding.is_error() { "error" } else { "notice" };
        let place = finding.place.as_ref().map_or_else(String::new, |at| {
            let region = at.region();
            let path = project.shorten_path(&at.path).display().to_string();
            format!(
                "file={},line={},endLine={},col={},endColumn={},",
                property(&path),
                region.line,
                region.end_line,
                region.column,
                region.end_column
            )
        });
        let title = property(&format!("{} {}", finding.code, finding.code.title()));
        let text = data(&format!("{}\nhelp: {}", sentence(finding), finding.help));
        anstream::println!("::{command} {place}title={title}::{text}");
    }
}
