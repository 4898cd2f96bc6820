//! What the selected packages promise, and what they are.
//!
//! In: a project. Out: for each package with contracts or a lock, the lock as it is, the lock that follows from the code,
//! and the findings between the two.

use std::fs;
use std::io::ErrorKind;

use cargo_metadata::camino::{Utf8Path, Utf8PathBuf};
use plugin_abi::name::LOCK_FILE;
use plugin_abi::note::{Record, RecordKind};

use super::finding::{Finding, Sources};
use super::project::Project;
use super::{Failure, compile};
use crate::lock::{self, Difference, Lock, LockError, Place};
use crate::model;
use crate::report::Code;

/// One package.
pub(super) struct Survey {
    pub(super) package: String,
    /// Where its lock is, or would be.
    pub(super) path: Utf8PathBuf,
    /// The lock's text; nothing when there is no file.
    pub(super) text: Option<String>,
    /// What the lock says, or why it cannot be read.
    pub(super) promised: Result<Lock, LockError>,
    /// What it declares.
    pub(super) records: Vec<Record>,
    /// Its sources.
    pub(super) sources: Sources,
}

/// The selected packages that declare contracts, or have a lock.
pub(super) fn survey(project: &Project) -> Result<Vec<Survey>, Failure> {
    let mut found = Vec::new();
    for (id, records) in compile::describe(project)? {
        let package = &project.metadata[&id];
        let path = package.manifest_path.with_file_name(LOCK_FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(Failure::about(project.shorten(&path), error)),
        };
        let declares =
            records.iter().any(|record| record.kind == RecordKind::Declares && !record.contracts.is_empty());
        if text.is_none() && !declares {
            continue;
        }
        let promised = text.as_deref().map_or_else(|| Ok(Lock::default()), Lock::parse);
        let library = project.library(package).map_or(Utf8Path::new("src"), |library| &library.src_path);
        let sources = Sources::under(library.parent().unwrap_or(library).as_std_path());
        found.push(Survey { package: package.name.to_string(), path, text, promised, records, sources });
    }
    Ok(found)
}

impl Survey {
    /// The lock that follows from the code, with the history of the lock so far.
    pub(super) fn now(&self, before: &Lock) -> Result<Lock, Failure> {
        let mut now =
            model::lock(&self.records, before).map_err(|error| Failure::about(&self.package, error))?;
        now.contracts.retain(|id, _| before.contracts.contains_key(id) || !self.sources.is_unlocked(id));
        Ok(now)
    }

    /// A lock that cannot be read, as a finding.
    pub(super) fn damage(&self, error: &LockError) -> Finding {
        Finding::plain(&self.package, Code::PC204, format!("{LOCK_FILE}: {error}"), error.cure())
    }

    /// Every finding between two locks, at its place.
    pub(super) fn findings(&self, old: &Lock, now: &Lock) -> Vec<Finding> {
        let mut differences = lock::diff(old, now);
        let steps: Vec<_> = old
            .contracts
            .iter()
            .filter_map(|(id, promised)| {
                let contract = now.contracts.get(id)?;
                lock::check_step(id, old, promised, contract.version, &differences)
            })
            .collect();
        differences.extend(steps);
        let mut findings: Vec<_> =
            differences.iter().map(|found| Finding::new(&self.package, found, old, &self.sources)).collect();
        for (id, contract) in now.contracts.iter().filter(|(id, _)| !old.contracts.contains_key(*id)) {
            let place = Place::Contract { id: id.clone(), part: lock::ContractPart::Name };
            let what = format!("contract `{id}` is not in the lock: nothing is promised yet");
            let found =
                Difference::new(Code::PC207, id, place, what).from_to("", format!("trait {}", contract.name));
            findings.push(Finding::new(&self.package, &found, old, &self.sources));
        }
        findings
    }
}
