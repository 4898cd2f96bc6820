//! Loaded plugins under valgrind: no byte read that was not written, none used after it was freed, none lost. The test
//! `sanitizer` has the same built with AddressSanitizer, by the package `walks`.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/built.rs"]
pub mod built;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/echo.rs"]
pub mod echo;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/foreign.rs"]
pub mod foreign;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/grow/mod.rs"]
pub mod grow;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/hooks.rs"]
pub mod hooks;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/lent.rs"]
pub mod lent;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/objects.rs"]
pub mod objects;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/panicky.rs"]
pub mod panicky;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/pour.rs"]
pub mod pour;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/values.rs"]
pub mod values;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/waiting.rs"]
pub mod waiting;

mod faults;
mod handed;
mod lending;
mod seen;
mod sent;
mod versions;

use std::path::{Path, PathBuf};

use plugin_host::{Contract, Plugin};
use plugin_tests::child;

/// Names the file that the child loads.
const PATH_VAR: &str = "PLUGIN_TESTS_PATH";

/// Runs an ignored test of this binary under watch; nothing when there is nothing to watch it.
fn watched(test: &str, library: &Path) {
    if let Some(mut child) = child::watched(child::command(test)) {
        let _ = child::run(child.env(PATH_VAR, library));
    }
}

/// The plugin that the parent built; nothing when there is no parent.
fn given<C: ?Sized + Contract>() -> Option<Plugin<C>> {
    let path = PathBuf::from(std::env::var_os(PATH_VAR)?);
    // SAFETY: the file is built by this test.
    Some(unsafe { Plugin::load(path) }.unwrap())
}
