//! `cargo plugin-gen init`

use std::env;
use std::path::{Component, Path, PathBuf};

use clap::Args;
use plugin_abi::name::LOCK_FILE;

use super::{Failure, Outcome, style};
use crate::lock::Lock;
use crate::output;

/// The arguments of `init`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo plugin-gen init greeter\n  cargo plugin-gen init --path ../somewhere greeter"
)]
pub(super) struct Arguments {
    /// What the packages are called: `NAME-contract`, `NAME-plugin`, `NAME-host`.
    #[arg(value_name = "NAME")]
    name: String,
    /// The directory to make; a directory called NAME, when nothing is said.
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
    /// Where the sources of plugin-contracts and plugin-host are; those of this tool, when nothing is said.
    #[arg(long, value_name = "DIR")]
    source: Option<PathBuf>,
}

/// Every file of the new workspace: where it goes and what is in it.
const FILES: [(&str, &str); 7] = [
    ("Cargo.toml", include_str!("init/workspace.toml")),
    ("contract/Cargo.toml", include_str!("init/contract.toml")),
    ("contract/src/lib.rs", include_str!("init/contract.rs")),
    ("plugin/Cargo.toml", include_str!("init/plugin.toml")),
    ("plugin/src/lib.rs", include_str!("init/plugin.rs")),
    ("host/Cargo.toml", include_str!("init/host.toml")),
    ("host/src/main.rs", include_str!("init/host.rs")),
];

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let Arguments { name, path, source } = arguments;
    let word = name.starts_with(|first: char| first.is_ascii_lowercase());
    if !word || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        let message =
            format!("`{name}` cannot name packages: use lower-case letters, digits and `-`, as in `greeter`");
        return Err(Failure::Usage(message));
    }
    let directory = path.clone().unwrap_or_else(|| PathBuf::from(name));
    if directory.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::Usage(format!(
            "{} is not empty: name another directory with `--path`",
            directory.display()
        )));
    }
    let source = source.clone().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    let source = relative(&directory, &source).map_err(|error| Failure::about(source.display(), error))?;
    let fill = |text: &str| {
        let ident = name.replace('-', "_");
        text.replace("@name@", name).replace("@ident@", &ident).replace("@source@", &source)
    };
    let write = |file: &str, text: &str| {
        let path = directory.join(file);
        output::write(&path, text.as_bytes()).map_err(|error| Failure::about(path.display(), error))
    };
    for (file, text) in FILES {
        write(file, &fill(text))?;
    }
    write(".gitignore", "/target\n")?;
    // An empty lock on day one is tracked from the first build on.
    write(&format!("contract/{LOCK_FILE}"), &Lock::default().to_string())?;
    let shown = directory.display();
    style::status("Created", &format!("a contract, a plugin and a host in {shown}"));
    style::help(&format!(
        "to run it: `cargo plugin-gen run --manifest-path {shown}/Cargo.toml -p {name}-host`"
    ));
    style::help(&format!(
        "to promise the contract: `cargo plugin-gen accept --manifest-path {shown}/Cargo.toml`"
    ));
    Ok(())
}

/// The way from a directory that will be to one that is, so that both can move together.
fn relative(from: &Path, to: &Path) -> std::io::Result<String> {
    let to = to.canonicalize()?;
    // What is not there yet has no links in it.
    let from = std::path::absolute(from)?;
    let existing = from.ancestors().find(|ancestor| ancestor.exists()).unwrap_or(Path::new("/"));
    let from = existing.canonicalize()?.join(from.strip_prefix(existing).unwrap_or(Path::new("")));
    let from: Vec<Component<'_>> = from.components().filter(|part| *part != Component::CurDir).collect();
    let to: Vec<Component<'_>> = to.components().collect();
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let mut way: PathBuf = from[common..].iter().map(|_| Component::ParentDir).collect();
    way.extend(&to[common..]);
    // A manifest is TOML: a backslash in it would be an escape.
    Ok(way.to_string_lossy().replace('\\', "/"))
}
