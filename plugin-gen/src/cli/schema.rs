//! The JSON Schemas of a project: `schema/<id>.json` in each package with contracts.
//!
//! In: a project. Out: files as they should be. What a schema says, `crate::text::schema` knows.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use plugin_abi::note::RecordKind;
use serde_json::Value;

use super::project::Project;
use super::{Failure, compile, style};
use crate::text::schema;

/// A schema, and where it belongs.
pub(super) struct File {
    pub(super) package: String,
    pub(super) path: PathBuf,
    /// Nothing for a file whose contract is gone.
    pub(super) text: Option<String>,
}

/// Where the schemas of a package are.
const DIRECTORY: &str = "schema";

/// The schemas of the selected packages; without a wish for them only those that are there already.
pub(super) fn files(project: &Project, wished: bool) -> Result<Vec<File>, Failure> {
    let is_there =
        project.with_contracts().any(|(package, _)| package.manifest_path.with_file_name(DIRECTORY).is_dir());
    // What is compiled for nothing is waited for in vain.
    if !wished && !is_there {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for described in compile::describe(project)? {
        let package = &project.metadata[&described.package];
        let directory = package.manifest_path.with_file_name(DIRECTORY);
        let Ok(records) = described.records else {
            let message =
                format!("package `{}` does not build: what its schemas are cannot be told", package.name);
            if wished {
                return Err(Failure::Broken(message));
            }
            if directory.is_dir() {
                project.leave_out(package);
            }
            continue;
        };
        let mut by_id: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for record in records.iter().filter(|record| record.kind == RecordKind::Declares) {
            for contract in &record.contracts {
                by_id.entry(&contract.id).or_default().push((record, contract));
            }
        }
        for id in ids_in(directory.as_std_path()) {
            if !by_id.contains_key(&*id) {
                let path = directory.join(format!("{id}.json")).into_std_path_buf();
                files.push(File { package: package.name.to_string(), path, text: None });
            }
        }
        for (id, found) in by_id {
            let path = directory.join(format!("{id}.json")).into_std_path_buf();
            if !wished && !path.exists() {
                continue;
            }
            let [(record, contract)] = found[..] else {
                style::warning(&format!(
                    "{} traits of package `{}` have the id `{id}`: none of them gets a schema",
                    found.len(),
                    package.name
                ));
                continue;
            };
            let schema::Document { text, skipped } = schema::document(record, contract);
            for schema::Skipped { method, ty, why } in skipped {
                style::warning(&format!(
                    "`{id}` {method}: `{ty}` has no JSON ({why}): the schema leaves the method out"
                ));
            }
            files.push(File { package: package.name.to_string(), path, text: Some(text) });
        }
    }
    Ok(files)
}

/// The contracts that schemas of ours in a directory are of.
fn ids_in(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let id = |path: PathBuf| {
        let id = path.file_name()?.to_str()?.strip_suffix(".json")?.to_owned();
        let document: Value = serde_json::from_str(&fs::read_to_string(&path).ok()?).ok()?;
        schema::is_of(&document, &id).then_some(id)
    };
    let mut ids: Vec<_> = entries.filter_map(|entry| id(entry.path())).collect();
    ids.sort_unstable();
    ids
}
