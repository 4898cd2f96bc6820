//! A refused file has not run, not even its ELF constructor; an accepted one has.

use std::path::{Path, PathBuf};

use plugin_contracts::plugin_contract;
use plugin_host::LoadError;
use plugin_tests::{child, fixture};

use super::probe::{Probe, ProbeError};
use super::{PROBE, load};

/// Names the file that the fixture's ELF constructor writes.
const MARK_VAR: &str = "PLUGIN_TESTS_MARK";

/// The contract of the fixture, one version later.
#[plugin_contract(id = "test.probe", version = "2.0.0", unlocked)]
pub trait Changed: Send + Sync {
    /// Asks for a number where it was a text.
    fn find(&self, key: u32) -> Result<u64, ProbeError>;
}

/// Another contract.
#[plugin_contract(id = "test.other", version = "1.0.0", unlocked)]
pub trait Other: Send + Sync {
    /// Nothing.
    fn nothing(&self);
}

fn mark_after(child: &str) -> bool {
    let directory = tempfile::tempdir().unwrap();
    let mark = directory.path().join("mark");
    let _ = child::run(child::command(child).env(MARK_VAR, &mark));
    mark.exists()
}

#[test]
fn a_refused_file_has_not_run_and_an_accepted_one_has() {
    assert!(!mark_after("silence::child_is_refused"), "code of a refused file ran");
    assert!(mark_after("silence::child_is_accepted"), "the fixture leaves no mark, so this test cannot fail");
}

#[test]
#[ignore = "a child of `a_refused_file_has_not_run_and_an_accepted_one_has`"]
fn child_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name, bytes: plugin_tests::elf::Library| bytes.write(directory.path(), name);
    let note = PROBE.export_note();
    let broken: [PathBuf; 6] = [
        write("cut.so", PROBE.cut(PROBE.0.len() - 1)),
        write("magic.so", PROBE.with(note.desc, b"X")),
        write("length.so", PROBE.with(note.desc + 12, &[0xff; 4])),
        write("symbol.so", PROBE.with(PROBE.find_in(note, b"__plugin_probe"), b"__plugin_porbe")),
        write("export.so", PROBE.with(PROBE.export() + 1, b"plugin")),
        fixture("twice"),
    ];
    for path in &broken {
        assert!(load::<dyn Probe>(path).is_err(), "{}", path.display());
    }
    let whole = fixture("probe");
    assert!(matches!(load::<dyn Changed>(&whole), Err(LoadError::SignatureDiffers(_))));
    assert!(matches!(load::<dyn Other>(&whole), Err(LoadError::ContractAbsent { .. })));
    assert!(!Path::new(&std::env::var_os(MARK_VAR).unwrap_or_default()).exists());
}

#[test]
#[ignore = "a child of `a_refused_file_has_not_run_and_an_accepted_one_has`"]
fn child_is_accepted() {
    assert_eq!(load::<dyn Probe>(&fixture("probe")).unwrap().find("abc"), Ok(3));
}
