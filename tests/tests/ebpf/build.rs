//! Objects, compiled for a test.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use plugin_abi::Contract;
use plugin_abi::note::Record;
use plugin_bpf::Plan;
use plugin_gen::text::bpf;
use plugin_gen::{Build, BuildError, Compiled};
use tempfile::TempDir;

use super::contract::Probe;

pub(crate) const SOURCE: &str = include_str!("probe.bpf.c");

/// Compiles a source for a contract, into a directory of its own.
pub(crate) fn compile<C: ?Sized + Contract>(source: &str) -> (TempDir, Result<Compiled, BuildError>) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("probe.bpf.c");
    fs::write(&path, source).expect("it can be written");
    let contract = Build::new().contract::<C>().source("tests/ebpf/contract.rs");
    let compiled = contract.bpf_into(&path, directory.path());
    (directory, compiled)
}

/// What the contract `test.probe` is to an object.
pub(crate) fn plan() -> Plan {
    plan_of::<dyn Probe>()
}

/// What any contract is.
pub(crate) fn plan_of<C: ?Sized + Contract>() -> Plan {
    let record = Record::of_contract(C::DESC);
    Plan::of(&record, &record.contracts[0]).expect("a kernel program can carry it")
}

/// Its header, without the assertions that would stop clang.
pub(crate) fn header_without_assertions() -> String {
    let text = bpf::header(&plan());
    text.lines().filter(|line| !line.starts_with("_Static_assert")).map(|line| format!("{line}\n")).collect()
}

/// The object of `probe.bpf.c`, compiled once.
pub(crate) fn probe() -> PathBuf {
    static BUILT: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, object) = BUILT.get_or_init(|| {
        let (directory, compiled) = compile::<dyn Probe>(SOURCE);
        let object = compiled.expect("it is what the contract says").object;
        (directory, object)
    });
    object.clone()
}

/// Where something is written beside a compiled object.
pub(crate) fn beside(directory: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = directory.path().join(name);
    fs::write(&path, bytes).expect("it can be written");
    path
}

pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
