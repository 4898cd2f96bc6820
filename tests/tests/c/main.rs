//! Plugins and hosts in other languages, through the headers that the generator prints.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/built.rs"]
pub mod built;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/echo.rs"]
pub mod echo;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/ledger.rs"]
pub mod ledger;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/objects.rs"]
pub mod objects;
#[path = "../objects/same.rs"]
mod objects_same;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/panicky.rs"]
pub mod panicky;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/plain.rs"]
pub mod plain;
#[path = "../plain/same.rs"]
mod plain_same;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/pour.rs"]
pub mod pour;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/values.rs"]
pub mod values;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/waiting.rs"]
pub mod waiting;
#[path = "../waiting/same.rs"]
mod waiting_same;

#[cfg(target_arch = "x86_64")]
mod aarch64;
pub mod based;
mod calculator;
pub mod crooked;
pub mod drift;
pub mod exceptions;
mod handed;
pub mod headers;
pub mod hostile;
mod hosts;
mod lending;
pub mod liar;
mod mirror;
pub mod readme;
pub mod renamed;
mod store;

use std::fs;
use std::path::PathBuf;

use plugin_abi::note::Record;
use plugin_host::Contract;
use plugin_tests::compiler::{Compiler, Language};
use plugin_tests::root;
use tempfile::TempDir;

/// The header of a contract.
#[track_caller]
fn header<C: ?Sized + Contract>() -> String {
    let record = Record::of_contract(C::DESC);
    plugin_gen::text::c::header(&record, &record.contracts[0]).expect("C has a form for all of it")
}

/// A plugin that was built, in a directory that goes with it.
struct Built {
    library: PathBuf,
    _directory: TempDir,
}

/// Compiles one of `sources/`, or an example, against these headers.
fn build(compiler: Compiler, source: &str, headers: &[(&str, &str)]) -> Result<Built, String> {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (name, text) in headers {
        fs::write(directory.path().join(name), text).expect("a header can be written");
    }
    let here = if source.contains('/') { root() } else { root().join("tests/tests/c/sources") };
    let library = directory.path().join("libplugin.so");
    compiler.library(&here.join(source), directory.path(), &library)?;
    Ok(Built { library, _directory: directory })
}

/// A source in C and one in C++, each by every compiler of its language that is here.
#[track_caller]
fn build_all<'a>(
    [c, cpp]: [&'a str; 2],
    headers: &'a [(&'a str, &'a str)],
) -> impl Iterator<Item = (&'static str, Built)> + 'a {
    let one = move |compiler: Compiler| {
        let source = match compiler.language {
            Language::C => c,
            Language::Cpp => cpp,
        };
        let built = build(compiler, source, headers);
        (compiler.name, built.unwrap_or_else(|said| panic!("{}: {said}", compiler.name)))
    };
    let what = c.rsplit('/').next().and_then(|name| name.strip_suffix(".c")).unwrap_or(c);
    Compiler::all(what).into_iter().map(one)
}
