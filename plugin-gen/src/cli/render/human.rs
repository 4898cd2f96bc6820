//! A finding for people: the line, the word, what was, whom it breaks, what to do.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::cli::finding::Finding;
use crate::cli::project::Project;

/// Prints a finding on stderr.
pub(super) fn print(project: &Project, finding: &Finding) {
    let level = if finding.is_error() { Level::ERROR } else { Level::NOTE };
    let title = level.clone().primary_title(title(finding)).id(finding.code.to_string());
    let place = finding.place.as_ref();
    let path = place.map(|at| project.shorten_path(&at.path).display().to_string());
    let mut group = match (place, path) {
        (Some(at), Some(path)) => {
            let label = label(finding);
            let annotation = AnnotationKind::Primary.span(at.bytes.clone()).label(label);
            Group::with_title(title)
                .element(Snippet::source(at.source.to_string()).path(path).annotation(annotation))
        }
        _ => Group::with_title(title),
    };
    if place.is_none() {
        let label = label(finding);
        group = if label.is_empty() { group } else { group.element(Level::NOTE.message(label)) };
    }
    if let Some(breaks) = finding.breaks {
        group = group.element(Level::NOTE.with_name(Some("breaks")).message(breaks));
    }
    if !finding.help.is_empty() {
        group = group.element(Level::HELP.message(finding.help.clone()));
    }
    anstream::eprintln!("{}\n", Renderer::styled().render(&[group]));
}

/// What happened, and what it demands.
fn title(finding: &Finding) -> String {
    match (finding.needs, finding.level) {
        (Some(version), _) if finding.is_unpromised => {
            format!("{} (breaks only what was not promised: needs {version})", finding.message)
        }
        (Some(version), level) => format!("{} ({level}: needs {version})", finding.message),
        (None, _) => finding.message.clone(),
    }
}

/// What stood at the place.
fn label(finding: &Finding) -> String {
    let Finding { was, is, promised, .. } = finding;
    let promised = if promised.is_empty() { String::new() } else { format!(" in {promised}") };
    match (was.as_str(), is.as_str()) {
        ("", "") => String::new(),
        ("", is) if finding.place.is_none() => format!("is `{is}`"),
        ("", _) if promised.is_empty() => "not in the lock".to_owned(),
        ("", _) => format!("not{promised}"),
        (was, _) => format!("was `{was}`{promised}"),
    }
}
