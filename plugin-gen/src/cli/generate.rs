//! `cargo plugin-gen generate`

use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::Package;
use clap::{Args, ValueEnum};

use super::project::{Project, Selection};
use super::{Failure, Outcome, diff, style};
use crate::build::{Build, Rust};
use crate::output;

/// What can be generated.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// The mocks, as `src/generated/mock.rs`, to be included beside the traits.
    Mock,
}

/// The arguments of `generate`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo plugin-gen generate mock -p store-contract\n  cargo plugin-gen generate --check"
)]
pub(super) struct Arguments {
    /// What to generate; everything, when nothing is said.
    #[arg(value_enum, value_name = "KIND")]
    kinds: Vec<Kind>,
    /// Write nothing: show what is stale, and end with 1 if anything is.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    selection: Selection,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let project = arguments.selection.project()?;
    let kinds = if arguments.kinds.is_empty() { Kind::value_variants() } else { &arguments.kinds };
    let mut stale = false;
    for (package, target) in project.with_contracts() {
        for kind in kinds {
            let Kind::Mock = kind;
            let directory = target.src_path.parent().unwrap_or(&target.src_path).as_std_path();
            let path = directory.join("generated").join(Rust::Mock.file_name());
            // Without a wish for this very file only what is there already is kept current.
            if arguments.kinds.is_empty() && !path.exists() {
                continue;
            }
            let Some(text) = text(package, directory)? else { continue };
            stale |= one(&project, &path, &text, arguments.check)?;
        }
    }
    if stale && arguments.check {
        let kind = if arguments.kinds.is_empty() { "" } else { " mock" };
        style::help(&format!("to write them: `cargo plugin-gen generate{kind}`"));
        return Err(Failure::Findings);
    }
    Ok(())
}

/// The mocks of a package, if it has contracts.
fn text(package: &Package, directory: &Path) -> Result<Option<String>, Failure> {
    let mut sources = Vec::new();
    collect(directory, &mut sources).map_err(|error| Failure::about(directory.display(), error))?;
    sources.sort();
    let mut build = Build::new();
    let mut any = false;
    for source in sources {
        let content = fs::read_to_string(&source).map_err(|error| Failure::about(source.display(), error))?;
        if content.contains("plugin_contract") && !content.starts_with("// @generated") {
            any |= crate::syntax::contracts_in(&content).map_or(true, |contracts| !contracts.is_empty());
            build = build.source(source);
        }
    }
    if !any {
        return Ok(None);
    }
    build.text(Rust::Mock).map(Some).map_err(|error| Failure::about(&package.name, error))
}

fn collect(directory: &Path, sources: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, sources)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push(path);
        }
    }
    Ok(())
}

/// Writes a file, or shows how it is stale. Says whether it was.
fn one(project: &Project, path: &Path, text: &str, check: bool) -> Result<bool, Failure> {
    let shown = path.strip_prefix(&project.metadata.workspace_root).unwrap_or(path).display().to_string();
    if check {
        let Ok(found) = fs::read_to_string(path) else {
            style::error(&format!("[PC206] {shown} is missing"));
            return Ok(true);
        };
        if found != text {
            style::error(&format!("[PC206] {shown} is stale"));
            diff::print_text_diff(&shown, &found, text);
        }
        return Ok(found != text);
    }
    let written = output::write(path, text.as_bytes()).map_err(|error| Failure::about(&shown, error))?;
    style::status(if written { "Generated" } else { "Unchanged" }, &shown);
    Ok(written)
}
