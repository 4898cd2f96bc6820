//! The workspace a command works on, and which of its packages.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use cargo_metadata::camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{Metadata, Package, Target, TargetKind};
use clap::Args;

use super::{Failure, style};

/// Which manifest, and how cargo may look things up.
#[derive(Args, Clone)]
pub(super) struct Selection {
    #[command(flatten)]
    manifest: clap_cargo::Manifest,
    #[command(flatten)]
    workspace: clap_cargo::Workspace,
    #[command(flatten)]
    features: clap_cargo::Features,
    /// Require that `Cargo.lock` stays as it is.
    #[arg(long, help_heading = "Manifest options")]
    locked: bool,
    /// Run without the network.
    #[arg(long, help_heading = "Manifest options")]
    offline: bool,
    /// Both `--locked` and `--offline`.
    #[arg(long, help_heading = "Manifest options")]
    frozen: bool,
}

/// A workspace, and the packages of it that were selected.
pub(super) struct Project {
    pub(super) metadata: Metadata,
    pub(super) selected: Vec<Package>,
    flags: Vec<String>,
    features: clap_cargo::Features,
    /// The manifest, where the user had to say which.
    said: Option<PathBuf>,
    has_left_out: Cell<bool>,
}

impl Selection {
    /// Asks cargo. Where nothing is said, every member of the workspace is meant.
    pub(super) fn project(&self) -> Result<Project, Failure> {
        let mut command = self.manifest.metadata();
        self.features.forward_metadata(&mut command);
        let mut flags: Vec<String> = Vec::new();
        for (set, flag) in [(self.locked, "--locked"), (self.offline, "--offline"), (self.frozen, "--frozen")]
        {
            flags.extend(set.then(|| flag.to_owned()));
        }
        let metadata = command.other_options(flags.clone()).exec().map_err(|error| {
            let text = match &error {
                cargo_metadata::Error::CargoMetadata { stderr } => {
                    stderr.trim().trim_start_matches("error: ").to_owned()
                }
                other => other.to_string(),
            };
            Failure::Broken(text)
        })?;
        let mut workspace = self.workspace.clone();
        workspace.all |= workspace.package.is_empty();
        let (selected, _) = workspace.partition_packages(&metadata);
        let selected: Vec<Package> = selected.into_iter().cloned().collect();
        for wanted in &self.workspace.package {
            if !selected.iter().any(|package| package.name == wanted) {
                let members: Vec<_> =
                    metadata.workspace_packages().iter().map(|found| found.name.to_string()).collect();
                let message =
                    format!("no package `{wanted}` in this workspace; there are: {}", members.join(", "));
                return Err(Failure::Usage(message));
            }
        }
        if self.features.all_features {
            flags.push("--all-features".to_owned());
        }
        if self.features.no_default_features {
            flags.push("--no-default-features".to_owned());
        }
        if !self.features.features.is_empty() {
            flags.push(format!("--features={}", self.features.features.join(",")));
        }
        let (features, said) = (self.features.clone(), self.manifest.manifest_path.clone());
        Ok(Project { metadata, selected, flags, features, said, has_left_out: Cell::new(false) })
    }

    /// The same, with every package of the workspace selected.
    pub(super) fn with_all_packages(&self) -> Self {
        let mut all = self.clone();
        all.workspace.package.clear();
        all.workspace.all = true;
        all
    }
}

impl Project {
    /// The flags that every cargo we start gets.
    pub(super) fn flags(&self) -> &[String] {
        &self.flags
    }

    /// The features that were asked for.
    pub(super) fn features(&self) -> &clap_cargo::Features {
        &self.features
    }

    /// What a command of ours needs, beside `-p`, to mean this project and its features too.
    pub(super) fn again(&self) -> String {
        let manifest = self.said.iter().map(|path| format!(" --manifest-path {}", path.display()));
        let flags = self.flags.iter().filter(|flag| flag.contains("features")).map(|flag| format!(" {flag}"));
        manifest.chain(flags).collect()
    }

    /// Says that a package does not build, and that what it may have is missing.
    pub(super) fn leave_out(&self, package: &Package) {
        style::warning(&format!("package `{}` does not build and is left out", package.name));
        self.has_left_out.set(true);
    }

    /// Whether a package was left out.
    pub(super) fn has_left_out(&self) -> bool {
        self.has_left_out.get()
    }

    /// The workspace's manifest.
    pub(super) fn manifest(&self) -> Utf8PathBuf {
        self.metadata.workspace_root.join("Cargo.toml")
    }

    /// Where built plugins are collected.
    pub(super) fn plugin_dir(&self) -> Utf8PathBuf {
        self.metadata.target_directory.join("plugins")
    }

    /// Whether every package of the workspace is selected.
    pub(super) fn is_whole(&self) -> bool {
        self.selected.len() == self.metadata.workspace_members.len()
    }

    /// A path as people in the workspace would write it.
    pub(super) fn shorten<'a>(&self, path: &'a Utf8Path) -> &'a Utf8Path {
        path.strip_prefix(&self.metadata.workspace_root).unwrap_or(path)
    }

    /// The same for a path of any kind.
    pub(super) fn shorten_path<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.metadata.workspace_root).unwrap_or(path)
    }

    /// Whether a file beside a manifest is part of what `cargo publish` would pack.
    pub(super) fn packs(&self, file: &Utf8Path) -> bool {
        let manifest = file.with_file_name("Cargo.toml");
        let text = std::fs::read_to_string(&manifest).unwrap_or_default();
        let chooses = text.lines().any(|line| {
            let key = line.split('=').next().unwrap_or_default().trim();
            key == "include" || key == "exclude"
        });
        // Cargo is asked only where the manifest chooses: without a choice everything is packed.
        if !chooses {
            return true;
        }
        let mut cargo = super::compile::cargo();
        cargo
            .args(["package", "--list", "--allow-dirty", "--quiet", "--offline", "--manifest-path"])
            .arg(&manifest);
        let Ok(output) = cargo.output() else { return true };
        let name = file.file_name().unwrap_or_default();
        !output.status.success() || String::from_utf8_lossy(&output.stdout).lines().any(|line| line == name)
    }

    /// The library of a package.
    pub(super) fn library<'a>(&self, package: &'a Package) -> Option<&'a Target> {
        package.targets.iter().find(|target| is_library(target))
    }

    /// The selected packages that may hold contracts or plugins: whatever else there is need not be compiled.
    pub(super) fn with_contracts(&self) -> impl Iterator<Item = (&Package, &Target)> {
        let uses = |package: &Package| {
            // Ours has a contract of its own.
            package.name == "plugin-contracts"
                || package.dependencies.iter().any(|dependency| dependency.name == "plugin-contracts")
        };
        self.selected.iter().filter(move |package| uses(package)).filter_map(|package| {
            let library = package.targets.iter().find(|target| is_library(target))?;
            Some((package, library))
        })
    }
}

fn is_library(target: &Target) -> bool {
    let kinds = [TargetKind::Lib, TargetKind::RLib, TargetKind::CDyLib, TargetKind::DyLib];
    target.kind.iter().any(|kind| kinds.contains(kind))
}

/// Whether the package builds a shared object.
pub(super) fn is_shared(target: &Target) -> bool {
    target.kind.contains(&TargetKind::CDyLib)
}
