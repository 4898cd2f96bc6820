//! `cargo plugin-gen generate`

use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::Package;
use clap::{Args, ValueEnum};

use super::project::{Project, Selection};
use super::render::{self, Change};
use super::{Failure, Outcome, headers, schema, style};
use crate::build::{Build, BuildError, Rust};
use crate::check::rust_files;
use crate::output;
use crate::report::Code;
use crate::syntax::items_in;

/// What can be generated.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// The mocks, as `src/generated/mock.rs`, to be included beside the traits.
    Mock,
    /// A JSON Schema of each contract, as `schema/<id>.json` in its package.
    JsonSchema,
    /// A header of each contract for C and C++, as `include/acme_store.h` in its package.
    C,
    /// A header of each contract that an eBPF object may carry, as `include/acme_filter.bpf.h` in its package.
    Bpf,
}

/// Whose mocks.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Style {
    /// Ours, as `mock.rs`.
    Own,
    /// Blocks of mockall's `mock!`, as `mockall.rs`: a crate that includes them depends on mockall.
    Mockall,
}

impl Style {
    const fn rust(self) -> Rust {
        match self {
            Self::Own => Rust::Mock,
            Self::Mockall => Rust::Mockall,
        }
    }
}

/// The arguments of `generate`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo plugin-gen generate mock -p store-contract\n  cargo plugin-gen generate --check\n  \
                  cargo plugin-gen generate mock --style mockall -p store-contract\n  \
                  cargo plugin-gen generate json-schema -p store-contract\n  \
                  cargo plugin-gen generate c -p store-contract --out plugin/acme_store.h"
)]
pub(super) struct Arguments {
    /// What to generate; when nothing is said, everything that was generated before, and nothing that was not.
    #[arg(value_enum, value_name = "KIND")]
    kinds: Vec<Kind>,
    /// With `mock`: whose mocks.
    #[arg(long, value_enum, value_name = "STYLE")]
    style: Option<Style>,
    /// Write nothing: show what is stale, and end with 1 if anything is.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    headers: headers::Choice,
    #[command(flatten)]
    selection: Selection,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let one_header = matches!(arguments.kinds[..], [Kind::C | Kind::Bpf]);
    if arguments.headers.is_made() && !one_header {
        let message = "`--contract` and `--out` choose a header: `generate c` or `generate bpf`";
        return Err(Failure::Usage(message.to_owned()));
    }
    if arguments.style.is_some() && arguments.kinds[..] != [Kind::Mock] {
        return Err(Failure::Usage("`--style` is about mocks: `generate mock --style mockall`".to_owned()));
    }
    let project = arguments.selection.project()?;
    let (mut any, mut writable) = (false, false);
    let files = files(&project, arguments)?;
    if files.is_empty() {
        nothing(&arguments.kinds);
    }
    let count = files.len();
    for file in files {
        let shown = project.shorten_path(&file.path).display().to_string();
        if arguments.check {
            let Some(stale) = file.stale(&shown) else { continue };
            style::error(&format!("[{}] {}", Code::PC206, stale.message));
            any = true;
            if file.text.is_none() {
                style::help(&stale.help);
                continue;
            }
            anstream::print!("{}", render::text_diff(&shown, &stale.change.old, &stale.change.new));
            writable = true;
        } else {
            let Some(text) = file.text else {
                // What nobody generates any more is not ours to delete.
                style::warning(&format!("{shown} is of a contract that is gone: delete it"));
                continue;
            };
            let written =
                output::write(&file.path, text.as_bytes()).map_err(|error| Failure::about(&shown, error))?;
            style::status(if written { "Generated" } else { "Unchanged" }, &shown);
        }
    }
    if writable {
        let named = arguments.kinds.iter().filter_map(ValueEnum::to_possible_value);
        let kinds: String = named.map(|kind| format!(" {}", kind.get_name())).collect();
        style::help(&format!("to write them: `cargo plugin-gen generate{kinds}`"));
    }
    if any || project.has_left_out() {
        return Err(Failure::Findings);
    }
    if arguments.check && count > 0 {
        style::status("Checked", &format!("{count} {}: current", if count == 1 { "file" } else { "files" }));
    }
    Ok(())
}

/// Says why there is no file.
fn nothing(kinds: &[Kind]) {
    match kinds {
        [] => style::status(
            "Nothing",
            "nothing is generated here yet: say what, `mock`, `json-schema`, `c` or `bpf`, as in `cargo plugin-gen generate c`; \
             what is there is kept current by `cargo plugin-gen generate`",
        ),
        // Which contracts the kernel carries was said.
        [Kind::Bpf] => {}
        _ => style::warning(
            "no selected package declares a contract, so nothing is generated: choose the package of a trait under \
             `#[plugin_contract]` with `-p`",
        ),
    }
}

/// A file that is generated.
struct Generated {
    package: String,
    path: PathBuf,
    /// Nothing where the contract is gone, and the file should be too.
    text: Option<String>,
}

/// A generated file that is not what would be generated now.
pub(super) struct Stale {
    pub(super) package: String,
    pub(super) message: String,
    pub(super) help: String,
    pub(super) change: Change,
}

impl Generated {
    fn stale(&self, shown: &str) -> Option<Stale> {
        let found = fs::read_to_string(&self.path).ok();
        if found == self.text {
            return None;
        }
        let (why, help, cure) = match (&found, &self.text) {
            (_, None) => {
                ("of a contract that is gone", "delete it, or bring the contract back", format!("rm {shown}"))
            }
            (found, Some(_)) => (
                if found.is_some() { "stale" } else { "missing" },
                "run `cargo plugin-gen generate`",
                format!("cargo plugin-gen generate -p {}", self.package),
            ),
        };
        let (old, new) = (found.unwrap_or_default(), self.text.clone().unwrap_or_default());
        Some(Stale {
            package: self.package.clone(),
            message: format!("{shown} is {why}"),
            help: help.to_owned(),
            change: Change { name: shown.to_owned(), old, new, cure: Some(cure) },
        })
    }
}

/// The generated files of a project that are there and not what they should be.
pub(super) fn stale(project: &Project) -> Result<Vec<Stale>, Failure> {
    let stale = |file: Generated| file.stale(&project.shorten_path(&file.path).display().to_string());
    let files = wanted(project, &[], Style::Own, &headers::Choice::default())?;
    Ok(files.into_iter().filter_map(stale).collect())
}

fn files(project: &Project, arguments: &Arguments) -> Result<Vec<Generated>, Failure> {
    wanted(project, &arguments.kinds, arguments.style.unwrap_or(Style::Own), &arguments.headers)
}

/// Every file of these kinds; of all kinds, those that are there, when nobody says which.
fn wanted(
    project: &Project,
    kinds: &[Kind],
    style: Style,
    choice: &headers::Choice,
) -> Result<Vec<Generated>, Failure> {
    let everything = kinds.is_empty();
    let mut files = Vec::new();
    if everything || kinds.contains(&Kind::Mock) {
        // Without a wish for this very file only what is there already is kept current.
        let styles = if everything { vec![Style::Own, Style::Mockall] } else { vec![style] };
        for style in styles {
            files.extend(mocks(project, style.rust(), everything)?);
        }
    }
    let languages = [(Kind::C, headers::Language::C), (Kind::Bpf, headers::Language::Bpf)];
    for (_, language) in languages.into_iter().filter(|(kind, _)| everything || kinds.contains(kind)) {
        let headers = if everything {
            headers::kept(project, language)?
        } else {
            headers::chosen(project, choice, language)?
        };
        let file = |header: headers::Header| Generated {
            package: header.package,
            path: header.path,
            text: Some(header.text),
        };
        files.extend(headers.into_iter().map(file));
    }
    if everything || kinds.contains(&Kind::JsonSchema) {
        let schemas = schema::files(project, !everything)?.into_iter();
        files.extend(schemas.map(|schema::File { package, path, text }| Generated { package, path, text }));
    }
    Ok(files)
}

fn mocks(project: &Project, kind: Rust, only_kept: bool) -> Result<Vec<Generated>, Failure> {
    let mut files = Vec::new();
    for (package, target) in project.with_contracts() {
        let directory = target.src_path.parent().unwrap_or(&target.src_path).as_std_path();
        let path = directory.join("generated").join(kind.file_name());
        if only_kept && !path.exists() {
            continue;
        }
        let Some(text) = text(package, directory, kind)? else { continue };
        files.push(Generated { package: package.name.to_string(), path, text: Some(text) });
    }
    Ok(files)
}

/// The mocks of a package, if it has contracts.
fn text(package: &Package, directory: &Path, kind: Rust) -> Result<Option<String>, Failure> {
    let sources = rust_files(directory).map_err(|error| Failure::Broken(error.to_string()))?;
    let mut build = Build::new();
    let mut any = false;
    for source in sources {
        let content = fs::read_to_string(&source).map_err(|error| Failure::about(source.display(), error))?;
        if content.contains("plugin_contract") && !content.starts_with("// @generated") {
            any |= items_in(&content).map_or(true, |items| !items.contracts.is_empty());
            build = build.source(source);
        }
    }
    if !any {
        return Ok(None);
    }
    match build.text(kind) {
        Ok(text) => Ok(Some(text)),
        Err(BuildError::Unsaid(methods)) => {
            for method in methods {
                style::error(&method);
            }
            Err(Failure::Findings)
        }
        Err(error) => Err(Failure::about(&package.name, error)),
    }
}
