//! `cargo plugin-gen run`

use cargo_metadata::{Package, Target};
use clap::Args;

use super::build::{self, Profile};
use super::project::Selection;
use super::{Failure, Outcome, compile, style};

/// The arguments of `run`.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo plugin-gen run -p store -- --plugin memory stats\n  \
                        cargo plugin-gen run --release -p store -- --plugin disk --data /tmp/data import .")]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    profile: Profile,
    /// The host's binary, when its package has several.
    #[arg(long, value_name = "NAME")]
    bin: Option<String>,
    /// What the host is given.
    #[arg(last = true, value_name = "ARGS")]
    arguments: Vec<std::ffi::OsString>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    // What -p names is the host; the plugins are those of the whole workspace.
    let hosts = arguments.selection.project()?;
    let project = arguments.selection.with_all_packages().project()?;
    let has_binary = |package: &&Package| package.targets.iter().any(Target::is_bin);
    let with_binary: Vec<_> = hosts.selected.iter().filter(has_binary).collect();
    let [host] = with_binary.as_slice() else {
        let names: Vec<_> =
            project.selected.iter().filter(has_binary).map(|package| package.name.as_str()).collect();
        let message = format!("name one host with `-p`; packages with a binary: {}", names.join(", "));
        return Err(Failure::Usage(message));
    };
    let built = build::build(&project, &arguments.profile)?;
    let names: Vec<_> = built.iter().map(|built| built.record.package.as_str()).collect();
    let directory = project.plugin_dir();
    let found = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    style::status("Plugins", &format!("{found} in {}", project.shorten(&directory)));
    let mut command = compile::cargo();
    command.args(["run", "--quiet", "--package", &host.name, "--manifest-path"]).arg(project.manifest());
    command.args(project.flags()).args(arguments.profile.flags());
    if let Some(bin) = &arguments.bin {
        command.args(["--bin", bin]);
    }
    command.arg("--").args(&arguments.arguments).env("PLUGIN_DIR", directory);
    let status = command.status().map_err(|error| Failure::about("cargo cannot be started", error))?;
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(Failure::Child(u8::try_from(code).unwrap_or(101))),
        None => Err(Failure::Broken(format!("{} was ended by a signal: {status}", host.name))),
    }
}
