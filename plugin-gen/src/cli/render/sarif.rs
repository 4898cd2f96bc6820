//! Findings as SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), for code scanning.

use serde_json::{Value, json};

use super::machine::sentence;
use crate::cli::finding::Finding;
use crate::cli::project::Project;
use crate::lock::{Level, RULES};

/// Prints one log with one run on stdout.
pub(super) fn print<'a>(project: &Project, findings: impl Iterator<Item = &'a Finding>) {
    let rules: Vec<_> = RULES
        .iter()
        .map(|rule| {
            json!({
                "id": rule.code.to_string(),
                "shortDescription": { "text": rule.code.title() },
                "fullDescription": { "text": rule.code.summary() },
                "help": { "text": rule.code.explanation(), "markdown": rule.code.explanation() },
                "defaultConfiguration": { "level": level(rule.level) },
            })
        })
        .collect();
    let results: Vec<_> = findings.map(|finding| result(project, finding)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cargo-plugin-gen",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    anstream::println!("{log:#}");
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Patch => "note",
        Level::Additive => "warning",
        Level::SourceBreaking | Level::Breaking | Level::Error => "error",
    }
}

fn result(project: &Project, finding: &Finding) -> Value {
    let rule = finding.code.to_string();
    let index = RULES.iter().position(|rule| rule.code == finding.code);
    let mut text = sentence(finding);
    if !finding.help.is_empty() {
        text += &format!("\nhelp: {}", finding.help);
    }
    let locations: Vec<_> = finding
        .place
        .iter()
        .map(|at| {
            let region = at.region();
            json!({
                "physicalLocation": {
                    "artifactLocation": { "uri": uri(project, &at.path), "uriBaseId": "%SRCROOT%" },
                    "region": {
                        "startLine": region.line,
                        "startColumn": region.column,
                        "endLine": region.end_line,
                        "endColumn": region.end_column,
                    },
                },
                "logicalLocations": [{ "fullyQualifiedName": finding.item }],
            })
        })
        .collect();
    let mut result = json!({
        "ruleId": rule,
        "level": level(finding.level),
        "message": { "text": text },
        "locations": locations,
        // The same drift on another line is the same drift.
        "partialFingerprints": { "item/v1": format!("{rule}:{}:{}:{}", finding.package, finding.item, finding.is) },
    });
    if let Some(index) = index {
        result["ruleIndex"] = index.into();
    }
    result
}

/// A relative reference (RFC 3986): what is not unreserved is escaped.
fn uri(project: &Project, path: &std::path::Path) -> String {
    let path = project.shorten_path(path).display().to_string().replace('\\', "/");
    path.bytes().fold(String::new(), |uri, byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            uri + &char::from(byte).to_string()
        }
        other => uri + &format!("%{other:02X}"),
    })
}
