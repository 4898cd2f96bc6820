//! `cargo plugin-gen build`

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use plugin_abi::note::{Record, RecordKind};

use super::project::{Project, Selection, is_shared};
use super::{Failure, Outcome, compile, style};
use crate::{model, output};

/// The arguments of `build`.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo plugin-gen build\n  cargo plugin-gen build -p disk --release\n  \
                        cargo plugin-gen build --manifest-path ../elsewhere/Cargo.toml")]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) selection: Selection,
    #[command(flatten)]
    pub(super) profile: Profile,
}

/// How to compile.
#[derive(Args, Clone)]
pub(super) struct Profile {
    /// Build with optimizations.
    #[arg(long, short, conflicts_with = "profile")]
    pub(super) release: bool,
    /// Build with this profile.
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Option<String>,
}

impl Profile {
    pub(super) fn flags(&self) -> Vec<&str> {
        match &self.profile {
            Some(name) => vec!["--profile", name],
            None if self.release => vec!["--release"],
            None => Vec::new(),
        }
    }
}

/// A plugin that was built and collected.
pub(super) struct Built {
    pub(super) path: PathBuf,
    pub(super) record: Record,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let project = arguments.selection.project()?;
    let built = build(&project, &arguments.profile)?;
    if project.is_whole() {
        strangers(&project, &built);
    }
    if built.is_empty() {
        style::warning("none of the selected packages exports a plugin");
        style::help(
            "set `crate-type = [\"cdylib\"]` and write `plugin_contracts::export_plugin!(dyn Trait => constructor);`",
        );
    }
    for Built { path, record } in &built {
        let contracts =
            record.contracts.iter().map(|one| format!("{} {}", style::literal(&one.id), one.version));
        let size = fs::metadata(path).map_or(0, |metadata| metadata.len().div_ceil(1024));
        let contracts: Vec<_> = contracts.collect();
        anstream::println!("{:<16} {}  {}  {size} KiB", record.package, contracts.join(", "), path.display());
        if record.toolchain.panic_abort {
            style::warning(&format!(
                "`{}` is built with `panic = \"abort\"`: a panic in it ends its host",
                record.package
            ));
        }
    }
    Ok(())
}

/// Builds the plugins of the selected packages and collects them.
pub(super) fn build(project: &Project, profile: &Profile) -> Result<Vec<Built>, Failure> {
    let shared: Vec<_> = project.with_contracts().filter(|(_, target)| is_shared(target)).collect();
    let names: Vec<_> = shared.iter().map(|(package, _)| package.name.as_str()).collect();
    let (libraries, all) = compile::libraries(project, &names, |command| {
        command.args(profile.flags());
    })?;
    if !all {
        // Cargo has said why.
        return Err(Failure::Broken("the packages do not build".to_owned()));
    }
    let mut built = Vec::new();
    for (package, _) in shared {
        for library in libraries.iter().filter(|library| library.package == package.id) {
            if library.path.extension().is_some_and(|extension| extension == "rlib") {
                continue;
            }
            let records = model::records(&library.path)
                .map_err(|error| Failure::about(library.path.display(), error))?;
            let export = records.into_iter().find(|record| record.kind == RecordKind::Exports);
            let Some(record) = export else { continue };
            let path = collect(&project.plugin_dir().into_std_path_buf(), &library.path)?;
            built.push(Built { path, record });
        }
    }
    Ok(built)
}

/// Names plugins that lie beside those of this workspace: a host may load whatever is in the directory. They are not
/// removed, because workspaces may share a target directory.
fn strangers(project: &Project, built: &[Built]) {
    let entries = project.plugin_dir().read_dir_utf8().into_iter().flatten().flatten();
    for entry in entries.filter(|entry| !built.iter().any(|built| built.path == entry.path())) {
        let exports = |records: Vec<Record>| records.iter().any(|record| record.kind == RecordKind::Exports);
        if model::records(entry.path().as_std_path()).is_ok_and(exports) {
            let path = project.shorten(entry.path());
            style::warning(&format!(
                "{path} is a plugin that no package here exports: remove it if it is stale"
            ));
        }
    }
}

/// Copies a library beside the others, in one step: a host that has the old file mapped keeps the old file.
fn collect(directory: &Path, library: &Path) -> Result<PathBuf, Failure> {
    let name = library.file_name().unwrap_or(library.as_os_str());
    let path = directory.join(name);
    let bytes = fs::read(library).map_err(|error| Failure::about(library.display(), error))?;
    output::write(&path, &bytes).map_err(|error| Failure::about(path.display(), error))?;
    Ok(path)
}
