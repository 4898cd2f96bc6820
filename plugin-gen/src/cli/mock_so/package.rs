//! The package that a mock's library is built from.
//!
//! In: the contract's package, and a source. Out: files under `target`, a workspace of their own, in which the contract and
//! `plugin-contracts` are the very packages of the workspace that was asked. It does not know what is in the source.

use std::fs;
use std::path::Path;

use cargo_metadata::Package;

use crate::cli::Failure;
use crate::cli::project::Project;
use crate::output;

pub(super) fn write(
    project: &Project,
    package: &Package,
    directory: &Path,
    name: &str,
    source: &str,
) -> Result<(), Failure> {
    let contracts = project.metadata.packages.iter().find(|found| found.name == "plugin-contracts");
    let Some(contracts) = contracts else {
        return Err(Failure::Broken(format!("`{}` does not depend on `plugin-contracts`", package.name)));
    };
    let mut manifest = format!(
        "# Made by `cargo plugin-gen mock-so`; it is written anew each time.\n\
         [package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [lib]\ncrate-type = [\"cdylib\"]\npath = \"lib.rs\"\n\n[dependencies]\n"
    );
    manifest += &dependency(project, contracts, Some("mock"));
    if package.name != contracts.name {
        manifest += &dependency(project, package, None);
    }
    manifest += "\n[workspace]\n";
    put(&directory.join("Cargo.toml"), &manifest)?;
    put(&directory.join("lib.rs"), source)?;
    // The same versions as there.
    let lock = project.metadata.workspace_root.join("Cargo.lock");
    if let Ok(lock) = fs::read_to_string(lock) {
        put(&directory.join("Cargo.lock"), &lock)?;
    }
    Ok(())
}

fn put(path: &Path, text: &str) -> Result<(), Failure> {
    output::write(path, text.as_bytes()).map(drop).map_err(|error| Failure::about(path.display(), error))
}

/// `store-contract = { path = "…", features = ["mock"] }`
fn dependency(project: &Project, package: &Package, feature: Option<&str>) -> String {
    let mut parts = Vec::new();
    match &package.source {
        None => parts.push(format!(
            "path = {}",
            text(package.manifest_path.parent().map_or("", |path| path.as_str()))
        )),
        Some(source) => {
            let repr = source.repr.as_str();
            match repr.strip_prefix("git+").and_then(|git| git.split_once('#')) {
                Some((url, revision)) => {
                    let url = url.split('?').next().unwrap_or(url);
                    parts.push(format!("git = {}, rev = {}", text(url), text(revision)));
                }
                None => parts.push(format!("version = {}", text(&format!("={}", package.version)))),
            }
        }
    }
    let asked = project.features();
    let mut features: Vec<_> = asked
        .features
        .iter()
        .filter_map(|feature| match feature.split_once('/') {
            Some((of, feature)) => (of == package.name.as_str()).then_some(feature),
            None => package.features.contains_key(feature).then_some(feature.as_str()),
        })
        .collect();
    if project.selected.iter().any(|one| one.id == package.id) {
        if asked.all_features {
            features = package.features.keys().map(String::as_str).collect();
        }
        if asked.no_default_features {
            parts.push("default-features = false".to_owned());
        }
    }
    features.extend(feature.filter(|feature| !features.contains(feature)));
    if !features.is_empty() {
        let features: Vec<_> = features.into_iter().map(text).collect();
        parts.push(format!("features = [{}]", features.join(", ")));
    }
    format!("{} = {{ {} }}\n", package.name, parts.join(", "))
}

/// As TOML writes a text.
fn text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
