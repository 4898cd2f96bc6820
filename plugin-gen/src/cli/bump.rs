//! Raising a contract's version where it stands: in its attribute.
//!
//! In: contracts that changed, and the part to raise. Out: sources in which one literal is another. Nothing else of a file
//! is touched, not even its formatting.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use clap::ValueEnum;

use super::finding::At;
use super::project::Project;
use super::survey::Survey;
use super::{Failure, style};
use crate::lock;
use crate::output;
use crate::syntax::Version;

/// A part of a version.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Part {
    /// For what breaks.
    Major,
    /// For what is added.
    Minor,
    /// For anything else.
    Patch,
}

impl Part {
    fn raise(self, Version { major, minor, patch }: Version) -> Version {
        match self {
            Self::Major => Version { major: major + 1, minor: 0, patch: 0 },
            Self::Minor => Version { major, minor: minor + 1, patch: 0 },
            Self::Patch => Version { major, minor, patch: patch + 1 },
        }
    }
}

/// Raises the version of every contract that changed and is still at the version that was promised. Says whether any was.
pub(super) fn raise(project: &Project, surveys: &[Survey], part: Part) -> Result<bool, Failure> {
    let mut edits: BTreeMap<PathBuf, Vec<(At, Version)>> = BTreeMap::new();
    for survey in surveys {
        let Ok(old) = &survey.promised else { continue };
        let now = survey.now(old)?;
        let differences = lock::diff(old, &now);
        for (id, promised) in &old.contracts {
            let Some(contract) = now.contracts.get(id) else { continue };
            if lock::demanded(id, old, &differences) == lock::Step::None
                || contract.version > promised.version
            {
                continue;
            }
            let to = part.raise(promised.version);
            let Some(at) = survey.sources.version(id) else {
                let message = format!(
                    "the version of `{id}` stands in no attribute that can be read here: a macro writes it"
                );
                return Err(Failure::Broken(format!(
                    "{message}\n  write `version = \"{to}\"` there, and leave out --bump"
                )));
            };
            style::status("Raised", &format!("`{id}` from {} to {to}", contract.version));
            edits.entry(at.path.clone()).or_default().push((at, to));
        }
    }
    for (path, mut edits) in edits.clone() {
        // From the end, so that what comes before stays where it is.
        edits.sort_by_key(|(at, _)| std::cmp::Reverse(at.bytes.start));
        let shown = project.shorten_path(&path).display().to_string();
        let mut text = fs::read_to_string(&path).map_err(|error| Failure::about(&shown, error))?;
        for (at, to) in edits {
            text.replace_range(at.bytes, &format!("\"{to}\""));
        }
        output::write(&path, text.as_bytes()).map_err(|error| Failure::about(&shown, error))?;
    }
    Ok(!edits.is_empty())
}
