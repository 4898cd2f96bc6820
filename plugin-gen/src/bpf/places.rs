//! Where the two sides of a difference are written: in the contract's source, and in the program's.
//!
//! In: differences, the object, and where the contract may be written. Out: the same differences with their places, as far as they
//! can be found. It runs only when a build fails already, so that it may take its time, and it fails at nothing itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use plugin_abi::note::Record;
use plugin_bpf::{Drift, Lines, Place, Subject};
use proc_macro2::Span;

use crate::check::rust_files;
use crate::syntax::{Items, Shape, items_in};

/// Looks up both places of each difference.
pub(super) fn find(drifts: &mut [Drift], object: &[u8], record: &Record, sources: &[PathBuf]) {
    let lines = Lines::of(object);
    let contract = &record.contracts[0];
    let files = if sources.is_empty() { sources_of(&contract.package) } else { sources.to_vec() };
    let read = |path: &PathBuf| Some((path.clone(), items_in(&fs::read_to_string(path).ok()?).ok()?));
    let files: Vec<_> = files.iter().filter_map(read).collect();
    for drift in drifts {
        drift.object_place =
            lines.find(&drift.subject).map(|place| Place { file: shown(&place.file), ..*place });
        drift.contract_place = files.iter().find_map(|(file, items)| {
            let line = span(items, &contract.id, &drift.subject)?.start().line;
            Some(Place { file: shown(file), line })
        });
    }
}

/// Below the directory that cargo shows paths from, without it.
fn shown(path: &Path) -> PathBuf {
    let here = env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).to_owned()
}

/// The sources of the package that declares the contract. Cargo knows where those are that have no version of a registry's.
fn sources_of(package: &str) -> Vec<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["pkgid", "--offline", "--quiet", "--package", package];
    let output = Command::new(cargo).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    // `path+file:///work/contract#filter-contract@1.0.0`
    let directory = said.trim().strip_prefix("path+file://").and_then(|rest| rest.rsplit_once('#'));
    let files = directory.map(|(directory, _)| rust_files(&Path::new(directory).join("src")));
    files.and_then(Result::ok).unwrap_or_default()
}

/// Where a file says what a difference is about: the field or the argument, else the type or the method.
fn span(items: &Items, contract: &str, subject: &Subject) -> Option<Span> {
    let Subject { item, part, .. } = subject;
    let contract = items.contracts.iter().find(|found| found.arguments.id == contract);
    if let Some(method) =
        contract.and_then(|found| found.methods.iter().find(|method| method.name() == *item))
    {
        let part = part.as_ref().and_then(|part| method.args.iter().find(|arg| arg.ident == part.as_str()));
        return Some(part.map_or_else(|| method.ident.span(), |arg| arg.ident.span()));
    }
    let ty = items.types.iter().find(|ty| ty.name == *item)?;
    let Shape::Plain(fields) = &ty.shape else { return Some(ty.ident.span()) };
    let part = part.as_ref().and_then(|part| fields.iter().find(|field| field.name == *part));
    Some(part.map_or_else(|| ty.ident.span(), |field| field.ident.span()))
}
