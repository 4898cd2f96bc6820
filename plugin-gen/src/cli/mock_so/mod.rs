//! `cargo plugin-gen mock-so`
//!
//! In: packages with contracts. Out: a library for each contract, in `target/mocks`, where no host looks for plugins. What is
//! printed into it, `crate::rust` knows; what is said that is not true, `noted`.

mod noted;
mod package;

use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::Package;
use clap::Args;
use plugin_abi::name::LOCK_FILE;
use plugin_abi::note::{Contract, RecordKind};
use serde_json::json;

use self::noted::Lies;
use super::build::Profile;
use super::compile::{self, Described};
use super::project::{Project, Selection};
use super::{FactFormat, Failure, Outcome, style};
use crate::lock::Lock;
use crate::output;
use crate::rust::{self, StandIn};
use crate::text::c;

/// The arguments of `mock-so`.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo plugin-gen mock-so -p store-contract\n  \
                  cargo plugin-gen mock-so -p store-contract --contract acme.store --trait storage::Store\n  \
                  cargo plugin-gen mock-so -p store-contract --as-version 1.0.0 --out target/mocks/old.so\n  \
                  cargo plugin-gen mock-so -p store-contract --without get --out target/mocks/no-get.so\n  \
                  cargo plugin-gen mock-so -p store-contract --returns count=String --out target/mocks/odd.so\n\n\
                  What is built is a plugin like any other, and every call of it goes to the test that loads it:\n\n  \
                  let mut store = MockStore::new();\n  \
                  store.expect_get().returning(|_| Ok(vec![1]));\n  \
                  let library = unsafe { plugin_host::MockPlugin::<dyn Store>::open(\"target/mocks/libmock_acme_store.so\")? };\n  \
                  library.program(&store);\n  \
                  // the host under test loads the same file\n\n\
                  Exit codes: 0 all is well, 1 findings, 2 wrong usage, 101 could not run.")]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    profile: Profile,
    /// Only the contract with this id.
    #[arg(long, value_name = "ID")]
    contract: Option<String>,
    /// Where the trait is in its package, when not at its root: `storage::Store`.
    #[arg(long = "trait", value_name = "PATH")]
    path: Option<String>,
    /// Where the library goes, when there is one; else `target/mocks`.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    lies: Lies,
    /// How to print.
    #[arg(long, value_enum, default_value_t = FactFormat::Human, value_name = "FORMAT")]
    message_format: FactFormat,
}

/// A library that was built.
struct Built<'a> {
    package: &'a Package,
    contract: &'a Contract,
    /// What its note says, which need not be the contract's.
    version: String,
    path: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let project = arguments.selection.project()?;
    let described = compile::describe(&project)?;
    let contracts = contracts(&project, &described, arguments.contract.as_deref())?;
    if contracts.len() > 1 {
        let one = [
            ("--out", arguments.out.is_some()),
            ("--trait", arguments.path.is_some()),
            (arguments.lies.first().unwrap_or_default(), arguments.lies.first().is_some()),
        ];
        if let Some((flag, _)) = one.into_iter().find(|(_, is_set)| *is_set) {
            let ids: Vec<_> = contracts.iter().map(|(_, contract)| &*contract.id).collect();
            return Err(Failure::Usage(format!(
                "`{flag}` is about one contract, and there are {}: choose one with `--contract`: {}",
                ids.len(),
                ids.join(", ")
            )));
        }
    }
    if let (Some(flag), None) = (arguments.lies.first(), &arguments.out) {
        return Err(Failure::Usage(format!(
            "with `{flag}` the library does not fit its contract: give it a name of its own with `--out`"
        )));
    }
    let mut built = Vec::new();
    for (package, contract) in contracts {
        built.push(library(&project, package, contract, arguments)?);
    }
    print(&project, &built, arguments.message_format);
    Ok(())
}

/// The contracts that were chosen.
fn contracts<'a>(
    project: &'a Project,
    described: &'a [Described],
    id: Option<&str>,
) -> Result<Vec<(&'a Package, &'a Contract)>, Failure> {
    let mut found = Vec::new();
    for Described { package, records } in described {
        let package = &project.metadata[package];
        let Ok(records) = records else {
            return Err(Failure::Broken(format!("package `{}` does not build", package.name)));
        };
        let declared = records.iter().filter(|record| record.kind == RecordKind::Declares);
        let contracts = declared.flat_map(|record| &record.contracts);
        found.extend(contracts.map(|contract| (package, contract)));
    }
    if found.is_empty() {
        let names: Vec<_> = project.selected.iter().map(|package| package.name.as_str()).collect();
        let message = format!("no contract is declared in {}", names.join(", "));
        return Err(Failure::Usage(
            message + ": choose the package of a trait under `#[plugin_contract]` with `-p`",
        ));
    }
    let Some(id) = id else { return Ok(found) };
    let ids: Vec<_> = found.iter().map(|(_, contract)| contract.id.clone()).collect();
    found.retain(|(_, contract)| contract.id == id);
    if found.is_empty() {
        return Err(Failure::Usage(format!(
            "no selected package declares the contract `{id}`; there are: {}",
            ids.join(", ")
        )));
    }
    Ok(found)
}

/// Prints a package, builds it, and puts its library where it shall be.
fn library<'a>(
    project: &Project,
    package: &'a Package,
    contract: &'a Contract,
    arguments: &Arguments,
) -> Result<Built<'a>, Failure> {
    let Some(target) = project.library(package) else {
        return Err(Failure::Broken(format!("package `{}` has no library", package.name)));
    };
    let crate_name = format!("mock_{}", c::file_name(&contract.id));
    let named = arguments.path.as_deref().unwrap_or(&contract.name);
    let library = target.name.replace('-', "_");
    let path = format!("::{library}::{named}");
    let path = path.parse().map_err(|_| {
        Failure::Usage(format!("`{named}` is no path of a trait: write one as `storage::Store`"))
    })?;
    let noted = arguments.lies.noted(contract, &locked(package))?;
    let version = noted.as_ref().map_or(&contract.version, |noted| &noted.version).clone();
    let tokens = rust::stand_in(&StandIn { crate_name: &crate_name, library: &library, path, noted });
    let text = output::format(tokens, "cargo plugin-gen mock-so")
        .map_err(|error| Failure::Usage(format!("`--trait` and `--returns` do not read as Rust: {error}")))?;
    let root = project.metadata.target_directory.join("mock-so").into_std_path_buf();
    let directory = root.join(&crate_name);
    package::write(project, package, &directory, &crate_name, &text)?;

    style::status("Building", &format!("a mock of `{}` from {}", contract.id, package.name));
    let mut cargo = compile::cargo();
    cargo.args(["build", "--lib", "--message-format", "json-render-diagnostics", "--manifest-path"]);
    cargo.arg(directory.join("Cargo.toml")).arg("--target-dir").arg(root.join("target"));
    cargo.args(arguments.profile.flags());
    if project.flags().iter().any(|flag| flag == "--offline" || flag == "--frozen") {
        cargo.arg("--offline");
    }
    let (libraries, all) = compile::run(cargo)?;
    let file = format!("lib{crate_name}.so");
    let built = libraries.iter().find(|library| library.path.file_name().is_some_and(|name| name == &*file));
    let Some(built) = built.filter(|_| all) else {
        // Cargo has said why.
        if arguments.lies.has_types() {
            style::help(&format!(
                "a type of `--returns` is written as at the root of `{library}`, where it is public: `Item`, `storage::Item`, \
                 `std::time::Duration`"
            ));
        }
        if arguments.path.is_none() {
            style::help(&format!(
                "a trait that is not at the root of `{}` is named with `--trait`, as in `--trait storage::{}`",
                library, contract.name
            ));
        }
        return Err(Failure::Broken(format!("the mock of `{}` does not build", contract.id)));
    };
    let path = arguments
        .out
        .clone()
        .unwrap_or_else(|| project.metadata.target_directory.join("mocks").into_std_path_buf().join(&file));
    put(&built.path, &path)?;
    Ok(Built { package, contract, version, path })
}

/// What the package promises; nothing, where that cannot be read, which whoever compiles it hears of.
fn locked(package: &Package) -> Lock {
    let text = fs::read_to_string(package.manifest_path.with_file_name(LOCK_FILE)).unwrap_or_default();
    Lock::parse(&text).unwrap_or_default()
}

/// In one step: a test that has the old file mapped keeps the old file.
fn put(library: &Path, path: &Path) -> Result<(), Failure> {
    let bytes = fs::read(library).map_err(|error| Failure::about(library.display(), error))?;
    output::write(path, &bytes).map_err(|error| Failure::about(path.display(), error))?;
    Ok(())
}

fn print(project: &Project, built: &[Built<'_>], format: FactFormat) {
    if format == FactFormat::Json {
        let mocks = built.iter().map(|Built { package, contract, version, path }| {
            json!({
                "contract": contract.id,
                "version": version,
                "trait": contract.name,
                "package": package.name.as_str(),
                "file": path,
            })
        });
        anstream::println!("{:#}", json!({ "mocks": mocks.collect::<Vec<_>>() }));
        return;
    }
    for Built { contract, version, path, .. } in built {
        let shown = project.shorten_path(path).display();
        anstream::println!("{:<20} {version}  {shown}", style::literal(&contract.id));
    }
}
