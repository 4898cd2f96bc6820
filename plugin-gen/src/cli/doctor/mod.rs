//! `cargo plugin-gen doctor`
//!
//! In: files. Out: what they are and what will hurt a host, for people and programs. What is a problem, `crate::doctor`
//! decides.

mod show;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use plugin_abi::note::{Record, RecordKind};
use plugin_bpf::Object;

use super::{FactFormat, Failure, Outcome, library, style};
use crate::doctor::{self, Level, Library, Named, Problem, damaged, examine};
use crate::model;

/// The arguments of `doctor`.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo plugin-gen doctor target/plugins/libdisk.so\n  \
                        cargo plugin-gen doctor --glibc 2.31 target/plugins/*.so\n  \
                        cargo plugin-gen doctor --message-format json target/plugins/libdisk.so\n\n\
                        What a rule is about: `cargo plugin-gen explain executable-stack`")]
pub(super) struct Arguments {
    /// The libraries, or eBPF objects; several libraries are also held against each other, as one host would load them.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The oldest glibc that the libraries shall load with, as in `2.31`.
    #[arg(long, value_name = "VERSION", value_parser = version)]
    glibc: Option<String>,
    /// Warnings, too, end with 1.
    #[arg(long)]
    deny_warnings: bool,
    /// How to print.
    #[arg(long, value_enum, default_value_t = FactFormat::Human, value_name = "FORMAT")]
    message_format: FactFormat,
}

fn version(text: &str) -> Result<String, String> {
    let is_number =
        |part: &str| !part.is_empty() && part.len() < 5 && part.bytes().all(|byte| byte.is_ascii_digit());
    let right = text.contains('.') && text.split('.').all(is_number);
    if right { Ok(text.to_owned()) } else { Err("expected a version of glibc, as in `2.31`".to_owned()) }
}

/// A file, and what came of looking into it.
struct Examined {
    path: PathBuf,
    /// Nothing where the bytes are none of a library.
    library: Option<Library>,
    /// An object for the kernel, which is no library.
    object: Option<Object>,
    /// The plugins that it is, or else the contracts that it declares.
    records: Vec<Record>,
    problems: Vec<Problem>,
}

impl Examined {
    /// What it is called where several are spoken of.
    fn name(&self) -> String {
        self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
    }

    fn exports(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|record| record.kind == RecordKind::Exports)
    }
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for path in &arguments.files {
        let bytes = library::read(path)?;
        // One file under two names would collide with itself.
        if fs::canonicalize(path).is_ok_and(|path| seen.insert(path)) {
            all.push(one(path, &bytes, arguments.glibc.as_deref()));
        }
    }
    let between = between(&all);
    match arguments.message_format {
        FactFormat::Json => anstream::println!("{:#}", show::json(&all, &between)),
        FactFormat::Human => show::print(&all, &between),
    }
    let problems = || all.iter().flat_map(|one| &one.problems).chain(&between);
    let worst = problems().map(|problem| problem.rule.level()).max();
    if arguments.message_format == FactFormat::Human {
        let count = |level| problems().filter(|problem| problem.rule.level() == level).count();
        let said = [Level::Error, Level::Warning, Level::Note].map(|level| (count(level), level.name()));
        let said = said.iter().filter(|(count, _)| *count > 0);
        let said: Vec<_> = said
            .map(|(count, name)| format!("{count} {name}{}", if *count == 1 { "" } else { "s" }))
            .collect();
        let said = if said.is_empty() { "nothing that will hurt a host".to_owned() } else { said.join(", ") };
        style::status(
            "Examined",
            &format!("{} {}: {said}", all.len(), if all.len() == 1 { "file" } else { "files" }),
        );
    }
    let allowed = if arguments.deny_warnings { Level::Note } else { Level::Warning };
    if worst.is_some_and(|worst| worst > allowed) { Err(Failure::Findings) } else { Ok(()) }
}

fn one(path: &Path, bytes: &[u8], glibc: Option<&str>) -> Examined {
    let path = path.to_owned();
    if Object::is_one(bytes) {
        let (object, problem) = doctor::object(bytes);
        return Examined { path, library: None, object, records: Vec::new(), problems: vec![problem] };
    }
    let library = match Library::read(bytes) {
        Ok(library) => library,
        Err(error) => {
            let problems = vec![damaged(&error.to_string())];
            return Examined { path, library: None, object: None, records: Vec::new(), problems };
        }
    };
    let (records, damage) = match model::records_in(bytes) {
        Ok(records) => (records, None),
        Err(error) => (Vec::new(), Some(damaged(&error.to_string()))),
    };
    let problems = match damage {
        Some(damage) => vec![damage],
        None => examine(&library, &records, glibc),
    };
    Examined { path, library: Some(library), object: None, records, problems }
}

/// What several of them are to each other.
fn between(all: &[Examined]) -> Vec<Problem> {
    let names: Vec<_> = all.iter().map(Examined::name).collect();
    let symbols =
        |one: &Examined| -> Vec<String> { one.exports().map(|record| record.symbol.clone()).collect() };
    let entries: Vec<_> = all.iter().map(symbols).collect();
    let named = all.iter().zip(names.iter().zip(&entries));
    let named: Vec<_> = named
        .filter_map(|(one, (name, entries))| Some(Named { name, library: one.library.as_ref()?, entries }))
        .collect();
    doctor::together(&named)
}
