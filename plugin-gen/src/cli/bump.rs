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
use super::{Failure, Outcome, style};
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
    pub(super) fn raise(self, Version { major, minor, patch }: Version) -> Version {
        match self {
            Self::Major => Version { major: major + 1, minor: 0, patch: 0 },
            Self::Minor => Version { major, minor: minor + 1, patch: 0 },
            Self::Patch => Version { major, minor, patch: patch + 1 },
        }
    }
}

/// Writes versions into the attributes of contracts, named by their ids.
pub(super) fn raise<'a>(
    project: &Project,
    wanted: impl Iterator<Item = (&'a Survey, &'a BTreeMap<String, Version>)>,
) -> Outcome {
    let mut edits: BTreeMap<PathBuf, Vec<(At, Version)>> = BTreeMap::new();
    for (survey, versions) in wanted {
        for (id, to) in versions {
            let Some(at) = survey.sources.version(id) else {
                return Err(Failure::Broken(format!(
                    "the version of `{id}` stands in no attribute that can be read here: a macro writes it\n  \
                     write `version = \"{to}\"` there, and leave out --bump"
                )));
            };
            style::status("Raised", &format!("`{id}` to {to}"));
            edits.entry(at.path.clone()).or_default().push((at, *to));
        }
    }
    for (path, mut edits) in edits {
        // From the end, so that what comes before stays where it is.
        edits.sort_by_key(|(at, _)| std::cmp::Reverse(at.bytes.start));
        let shown = project.shorten_path(&path).display().to_string();
        let mut text = fs::read_to_string(&path).map_err(|error| Failure::about(&shown, error))?;
        for (at, to) in edits {
            text.replace_range(at.bytes, &format!("\"{to}\""));
        }
        output::write(&path, text.as_bytes()).map_err(|error| Failure::about(&shown, error))?;
    }
    Ok(())
}
