//! Cargo, started by us, and what it built.

use std::io::{BufReader, IsTerminal as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anstream::ColorChoice;
use cargo_metadata::{Message, PackageId};
use plugin_abi::name::DESCRIBE_VAR;
use plugin_abi::note::{Record, RecordKind};

use super::project::Project;
use super::{Failure, style};
use crate::model;

/// A library that cargo built.
pub(super) struct Library {
    /// The package it belongs to.
    pub(super) package: PackageId,
    /// The file: an rlib or a shared object.
    pub(super) path: PathBuf,
}

/// Cargo, as the one that started us or the one on the path, in colour when we are.
pub(super) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    match ColorChoice::global() {
        ColorChoice::Always => cargo.env("CARGO_TERM_COLOR", "always"),
        ColorChoice::Never => cargo.env("CARGO_TERM_COLOR", "never"),
        _ => &mut cargo,
    };
    cargo
}

/// Builds libraries and says which files came of it, and whether that was all. Cargo's own messages go to stderr as ever.
pub(super) fn libraries(
    project: &Project,
    packages: &[&str],
    prepare: impl FnOnce(&mut Command),
) -> Result<(Vec<Library>, bool), Failure> {
    if packages.is_empty() {
        return Ok((Vec::new(), true));
    }
    let mut command = cargo();
    command.args(["build", "--lib", "--message-format", "json-render-diagnostics", "--manifest-path"]);
    command.arg(project.manifest()).args(project.flags());
    for package in packages {
        command.args(["--package", package]);
    }
    prepare(&mut command);
    run(command)
}

/// Runs cargo, which builds, and says which libraries came of it, and whether that was all.
pub(super) fn run(mut command: Command) -> Result<(Vec<Library>, bool), Failure> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::about("cargo cannot be started", error))?;
    let mut built = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        for message in Message::parse_stream(BufReader::new(stdout)) {
            let message =
                message.map_err(|error| Failure::about("cargo's messages cannot be read", error))?;
            if let Message::CompilerArtifact(artifact) = message {
                for path in artifact.filenames {
                    if matches!(path.extension(), Some("rlib" | "so" | "dylib" | "dll")) {
                        built.push(Library { package: artifact.package_id.clone(), path: path.into() });
                    }
                }
            }
        }
    }
    let status = child.wait().map_err(|error| Failure::about("cargo", error))?;
    Ok((built, status.success()))
}

/// A package, and what it declares and exports.
pub(super) struct Described {
    pub(super) package: PackageId,
    pub(super) records: Result<Vec<Record>, NotBuilt>,
}

/// Rustc refused the package, and said why.
#[derive(Clone, Copy, Debug)]
pub(super) struct NotBuilt;

/// What the selected packages declare and export, compiled for the purpose in a target directory of its own: without
/// the lock comparison, because code that drifted is what one wants to see, and without LTO, which would leave bitcode.
///
/// A package that has contracts and does not build comes without records, and with what rustc said on stderr.
pub(super) fn describe(project: &Project) -> Result<Vec<Described>, Failure> {
    let packages: Vec<_> = project.with_contracts().map(|(package, _)| package).collect();
    let names: Vec<_> = packages.iter().map(|package| package.name.as_str()).collect();
    let target = project.metadata.target_directory.join("plugin-gen");
    let (built, all) = libraries(project, &names, |command| {
        // A plugin that does not fit its contract yet must not hide the contract.
        command.arg("--target-dir").arg(target).arg("--keep-going");
        // Whoever looks sees how far it is; nobody else wants to read it.
        if !std::io::stderr().is_terminal() {
            command.arg("--quiet");
        }
        command.env(DESCRIBE_VAR, "1").env("CARGO_PROFILE_DEV_LTO", "off");
    })?;
    let mut described = Vec::new();
    for package in &packages {
        if !all && !built.iter().any(|library| library.package == package.id) {
            described.push(Described { package: package.id.clone(), records: Err(NotBuilt) });
            continue;
        }
        let mut records: Vec<Record> = Vec::new();
        for library in built.iter().filter(|library| library.package == package.id) {
            let found = model::records(&library.path)
                .map_err(|error| Failure::about(library.path.display(), error))?;
            // A shared object also holds the records of what it links, and those of its own rlib again.
            let own = found.into_iter().filter(|record| record.package == package.name.as_str());
            for record in own {
                if !records.contains(&record) {
                    records.push(record);
                }
            }
        }
        if records.iter().filter(|record| record.kind == RecordKind::Exports).count() > 1 {
            style::warning(&format!("package `{}` has more than one `export_plugin!`", package.name));
        }
        described.push(Described { package: package.id.clone(), records: Ok(records) });
    }
    Ok(described)
}
