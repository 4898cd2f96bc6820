//! Sources against their lock, without a compiler: what build scripts and unit tests ask.
//!
//! In: source files and a lock. Out: findings, each with its file. What only rustc can tell is left to it: it compiles the
//! same contracts with the same lock.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use plugin_abi::name::LOCK_FILE;
use proc_macro2::TokenStream;

use crate::build::BuildError;
use crate::lock::{self, ContractPart, Difference, Lock, Place, Promise, TypePromise};
use crate::report::{Code, Finding};
use crate::syntax::{Contract, Items, items_in};

/// What a source file shows under a lock.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Checked {
    /// What its words prove, harmless or not.
    pub findings: Vec<Finding>,
    /// What rustc says if it finds that a name stands for something else than was promised.
    pub open: Vec<Finding>,
}

/// Compares a source file with a lock.
///
/// # Errors
/// The file is no Rust, or a contract or type has mistakes.
pub fn check_source(source: &str, lock: &Lock) -> Result<Checked, Vec<Finding>> {
    let items = items_in(source)?;
    let gone: Vec<_> = gone(lock, &[source]).collect();
    Ok(check_items(&items, lock, &gone, &|_| true))
}

/// `gone` are the contracts that no source names any more: one of them may have another id now.
pub(crate) fn check_items(items: &Items, lock: &Lock, gone: &[&str], only: &dyn Fn(&str) -> bool) -> Checked {
    let mut checked = Checked::default();
    for ty in items.types.iter().filter(|ty| only(&ty.name)) {
        let mut promise = TypePromise::default();
        checked.findings.extend(lock::compare_type(ty, lock, &mut promise));
        checked.open.extend(promise.shown.into_iter().map(|shown| shown.finding));
        checked.open.extend(promise.tags.into_iter().map(|(.., finding)| finding));
    }
    for contract in items.contracts.iter().filter(|contract| !contract.arguments.unlocked) {
        let id = &contract.arguments.id;
        let Some(promised) = lock.contracts.get(id) else {
            if let Some(was) = renamed(contract, lock, gone) {
                checked.findings.push(of_id(contract, lock, was));
                continue;
            }
            let message = format!("`{id}` is not in the lock: nothing is promised yet");
            checked.findings.push(Finding::new(Code::PC207, &contract.ident, message, CURE));
            continue;
        };
        let mut promise = Promise::default();
        checked.findings.extend(lock::compare(contract, lock, promised, &mut promise));
        let differences: Vec<_> =
            checked.findings.iter().filter_map(|one| one.drift.as_deref().cloned()).collect();
        let step = lock::check_step(id, lock, promised, contract.arguments.version, &differences);
        checked.findings.extend(step.map(|step| lock::point_at(&step, contract, promised)));
        checked.open.extend(promise.shown.into_iter().map(|shown| shown.finding));
        checked.open.extend(promise.methods.into_values().map(|locked| locked.finding));
        checked.open.extend(promise.based.into_iter().flat_map(lock::Based::into_findings));
        checked.open.extend(promise.conditional.into_iter().map(|(.., finding)| finding));
    }
    checked
}

const CURE: &str = "run `cargo plugin-gen accept`, or say `unlocked` in the attribute";

/// A package's sources under its lock.
///
/// # Errors
/// All that was found, file by file.
pub(crate) fn check_package(directory: &Path, sources: &[PathBuf]) -> Result<(), BuildError> {
    let shown = |path: &Path| path.strip_prefix(directory).unwrap_or(path).to_owned();
    let path = directory.join(LOCK_FILE);
    let whole = sources.is_empty();
    let sources = if whole { rust_files(&directory.join("src"))? } else { sources.to_vec() };
    let mut files = Vec::new();
    for source in sources {
        let source = directory.join(source);
        let text = fs::read_to_string(&source).map_err(|error| BuildError::Io(source.clone(), error))?;
        // What cannot be read, rustc shows better.
        let items = if whole {
            items_in(&text).unwrap_or_default()
        } else {
            items_in(&text).map_err(|found| BuildError::Source(vec![(shown(&source), found)]))?
        };
        files.push((shown(&source), text, items));
    }
    let lock = match fs::read_to_string(&path) {
        Ok(text) => Lock::parse(&text).map_err(|error| {
            let finding = Finding::new(Code::PC204, &TokenStream::new(), error.to_string(), error.cure());
            BuildError::Source(vec![(shown(&path), vec![finding])])
        })?,
        Err(error) if error.kind() == ErrorKind::NotFound => Lock::default(),
        Err(error) => return Err(BuildError::Io(path, error)),
    };
    let mut found = Vec::new();
    let names = files.iter().flat_map(|(.., items)| items.types.iter().map(|ty| ty.name.clone()));
    let twice = twice(names);
    let texts: Vec<_> = files.iter().map(|(_, text, _)| text.as_str()).collect();
    let gone: Vec<_> = if whole { gone(&lock, &texts).collect() } else { Vec::new() };
    for (source, _, items) in &files {
        // Of two types that share a name, rustc knows which one crosses.
        let findings = check_items(items, &lock, &gone, &|name| !twice.contains(name)).findings;
        let findings: Vec<_> = findings.into_iter().filter(|one| one.code != Code::PC020).collect();
        if !findings.is_empty() {
            found.push((source.clone(), findings));
        }
    }
    let contracts = || files.iter().flat_map(|(.., items)| &items.contracts);
    let lost = gone.iter().filter(|id| !contracts().any(|one| renamed(one, &lock, &[id]).is_some()));
    let lost: Vec<_> = lost.map(|id| gone_finding(id, &lock)).collect();
    if !lost.is_empty() {
        found.push((shown(&path), lost));
    }
    if found.is_empty() { Ok(()) } else { Err(BuildError::Source(found)) }
}

/// Contracts that no source names any more, be it in a macro's arguments.
fn gone<'a>(lock: &'a Lock, texts: &[&str]) -> impl Iterator<Item = &'a str> {
    let named = |id: &str| texts.iter().any(|text| text.contains(&format!("\"{id}\"")));
    lock.contracts.keys().map(String::as_str).filter(move |id| !named(id))
}

/// The id that a contract which is not in the lock had before: that of the same trait, which is gone.
fn renamed<'a>(contract: &Contract, lock: &Lock, gone: &[&'a str]) -> Option<&'a str> {
    let is_new = !contract.arguments.unlocked && !lock.contracts.contains_key(&contract.arguments.id);
    gone.iter().copied().find(|id| is_new && contract.ident == lock.contracts[*id].name.as_str())
}

fn of_id(contract: &Contract, lock: &Lock, was: &str) -> Finding {
    let (id, promised) = (&contract.arguments.id, &lock.contracts[was]);
    let place = Place::Contract { id: id.clone(), part: ContractPart::Name };
    let what = format!("trait `{}` changed its id", contract.ident);
    let found = Difference::new(Code::PC201, was, place, what).showing(was, id);
    Finding::of_drift(&found, &contract.ident, (was, promised.version), promised.compat)
}

fn gone_finding(id: &str, lock: &Lock) -> Finding {
    let what = format!("contract `{id}` is gone from the code");
    let found = Difference::new(Code::PC201, id, Place::Lock, what);
    let promised = &lock.contracts[id];
    Finding::of_drift(&found, &TokenStream::new(), (id, promised.version), promised.compat)
}

fn twice(names: impl Iterator<Item = String>) -> BTreeSet<String> {
    let (mut once, mut twice) = (BTreeSet::new(), BTreeSet::new());
    for name in names {
        if !once.insert(name.clone()) {
            twice.insert(name);
        }
    }
    twice
}

/// Every Rust file under a directory, in order.
///
/// # Errors
/// A directory cannot be read.
pub(crate) fn rust_files(directory: &Path) -> Result<Vec<PathBuf>, BuildError> {
    fn collect(directory: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            if path.is_dir() {
                collect(&path, found)?;
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    collect(directory, &mut found).map_err(|error| BuildError::Io(directory.to_owned(), error))?;
    found.sort();
    Ok(found)
}

/// What [`assert_contracts_locked!`](crate::assert_contracts_locked) calls.
///
/// # Panics
/// The sources differ from the lock.
#[doc(hidden)]
pub fn assert_locked(directory: &str) {
    if let Err(error) = check_package(Path::new(directory), &[]) {
        panic!("the contracts are not what `{LOCK_FILE}` promises:\n{error}\n");
    }
}

/// Fails a unit test when the contracts of this package are not what its `plugin-contract.lock` promises: what compiles
/// all the same, because it is only added, under a version that does not say so, not in the lock, or gone.
///
/// ```no_run
/// #[test]
/// fn contracts_are_locked() {
///     plugin_gen::assert_contracts_locked!();
/// }
/// ```
#[macro_export]
macro_rules! assert_contracts_locked {
    () => {
        $crate::assert_locked(::core::env!("CARGO_MANIFEST_DIR"))
    };
}
