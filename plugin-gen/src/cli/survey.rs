//! What the selected packages promise, and what they are.
//!
//! In: a project. Out: for each package with contracts or a lock, the lock as it is, the lock that follows from the code,
//! and the findings between the two.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use cargo_metadata::camino::{Utf8Path, Utf8PathBuf};
use plugin_abi::name::LOCK_FILE;
use plugin_abi::note::{Record, RecordKind};

use super::compile::{self, Described, NotBuilt};
use super::finding::{Finding, Sources};
use super::project::Project;
use super::{Failure, style};
use crate::lock::{self, Difference, Lock, LockError, Place};
use crate::model;
use crate::report::Code;
use crate::syntax::Version;

/// One package.
pub(super) struct Survey {
    pub(super) package: String,
    /// Where its lock is, or would be.
    pub(super) path: Utf8PathBuf,
    /// The lock's text; nothing when there is no file.
    pub(super) text: Option<String>,
    /// What the lock says, or why it cannot be read.
    pub(super) promised: Result<Lock, LockError>,
    /// What it declares; nothing when it does not build.
    pub(super) records: Result<Vec<Record>, NotBuilt>,
    /// Its sources.
    pub(super) sources: Sources,
}

/// The selected packages that declare contracts, or have a lock.
pub(super) fn survey(project: &Project) -> Result<Vec<Survey>, Failure> {
    let mut found = Vec::new();
    let described = compile::describe(project)?;
    let alone = described.len() == 1;
    for Described { package, records } in described {
        let package = &project.metadata[&package];
        let path = package.manifest_path.with_file_name(LOCK_FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(Failure::about(project.shorten(&path), error)),
        };
        let declares = |record: &Record| record.kind == RecordKind::Declares && !record.contracts.is_empty();
        let library = project.library(package).map_or(Utf8Path::new("src"), |library| &library.src_path);
        let sources = Sources::under(library.parent().unwrap_or(library).as_std_path());
        match &records {
            Ok(records) if text.is_none() && !records.iter().any(declares) => continue,
            Err(NotBuilt) if text.is_none() && alone => return Err(not_built(&package.name)),
            // A plugin that does not fit its contract yet must not hide the contract.
            Err(NotBuilt) if text.is_none() && !sources.declare() => {
                project.leave_out(package);
                continue;
            }
            _ => {}
        }
        let promised = text.as_deref().map_or_else(|| Ok(Lock::default()), Lock::parse);
        found.push(Survey { package: package.name.to_string(), path, text, promised, records, sources });
    }
    Ok(found)
}

/// A version that was raised, and not accepted yet.
fn unheard(id: &str, was: Version, is: Version) -> Difference {
    let place = Place::Contract { id: id.to_owned(), part: lock::ContractPart::Version };
    let what = format!("`{id}` is at {is}, and the lock still promises {was}");
    Difference::new(Code::PC203, id, place, what)
}

fn not_built(package: &str) -> Failure {
    Failure::Broken(format!("package `{package}` does not build"))
}

impl Survey {
    /// The lock that follows from the code, with the history of the lock so far.
    pub(super) fn now(&self, before: &Lock) -> Result<Lock, Failure> {
        let records = self.records.as_ref().map_err(|NotBuilt| not_built(&self.package))?;
        let mut now = model::lock(records, before).map_err(|error| Failure::about(&self.package, error))?;
        now.contracts.retain(|id, _| before.contracts.contains_key(id) || !self.sources.is_unlocked(id));
        let hidden: Vec<_> = self.hidden(before, &now).map(|(id, _)| id.clone()).collect();
        if !hidden.is_empty() {
            // Which types are theirs, nobody says: what is promised stays promised.
            for (name, ty) in &before.types {
                now.types.entry(name.clone()).or_insert_with(|| ty.clone());
            }
        }
        now.contracts.extend(hidden.into_iter().map(|id| (id.clone(), before.contracts[&id].clone())));
        Ok(now)
    }

    /// Contracts of the lock that are written in the sources and were not compiled, each with its file.
    fn hidden<'a>(&'a self, before: &'a Lock, now: &'a Lock) -> impl Iterator<Item = (&'a String, &'a Path)> {
        let missing = before.contracts.keys().filter(|id| !now.contracts.contains_key(*id));
        missing.filter_map(|id| Some((id, self.sources.file_of(id)?)))
    }

    /// Says which contracts were not looked at, because no feature or `cfg` that is set has them.
    pub(super) fn tell_hidden(&self, project: &Project) {
        let (Ok(before), Ok(records)) = (&self.promised, &self.records) else { return };
        let Ok(now) = model::lock(records, before) else { return };
        let mut any = false;
        for (id, file) in self.hidden(before, &now) {
            any = true;
            style::warning(&format!(
                "contract `{id}` of package `{}` is written in {} and was not compiled: it is not compared",
                self.package,
                project.shorten_path(file).display()
            ));
        }
        if any {
            style::help("it is behind a feature or a `cfg`: add `--all-features`, or `--features …`");
        }
    }

    /// What the words of a package show that does not build.
    pub(super) fn words(&self, old: &Lock) -> Vec<Finding> {
        let mut findings = self.sources.words(&self.package, old);
        let message =
            format!("package `{}` does not build: rustc says why, and hides the rest", self.package);
        findings.push(Finding::plain(&self.package, Code::P000, message, "correct what rustc shows"));
        findings
    }

    /// A lock that cannot be read, as a finding.
    pub(super) fn damage(&self, project: &Project, error: &LockError) -> Finding {
        let message = format!("{}: {error}", project.shorten(&self.path));
        Finding::plain(&self.package, Code::PC204, message, error.cure())
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
        differences.extend(
            old.contracts
                .iter()
                .filter_map(|(id, promised)| {
                    let version = now.contracts.get(id)?.version;
                    let changed = differences.iter().any(|found| !found.is_note());
                    (!changed && version > promised.version).then(|| unheard(id, promised.version, version))
                })
                .collect::<Vec<_>>(),
        );
        let mut findings: Vec<_> =
            differences.iter().map(|found| Finding::new(&self.package, found, old, &self.sources)).collect();
        for (id, contract) in now.contracts.iter().filter(|(id, _)| !old.contracts.contains_key(*id)) {
            let place = Place::Contract { id: id.clone(), part: lock::ContractPart::Name };
            // Of a contract that only goes by another id, that was said.
            if differences.iter().any(|found| found.code == Code::PC201 && found.place == place) {
                continue;
            }
            let what = format!("contract `{id}` is not in the lock: nothing is promised yet");
            let found =
                Difference::new(Code::PC207, id, place, what).showing("", format!("trait {}", contract.name));
            findings.push(Finding::new(&self.package, &found, old, &self.sources));
        }
        findings
    }
}
