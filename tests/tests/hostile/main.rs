//! Files that are no plugin, or not this one: each bad input has its own refusal, in words that say what was expected,
//! what was found and what to do. Nothing of a refused file has run.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/pair.rs"]
pub mod pair;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../../fixtures/contracts/src/probe.rs"]
pub mod probe;

// Public where they hold contracts: a contract's types are as public as the trait.
mod c_library;
pub mod contract;
mod export;
mod file;
mod note;
mod path;
pub mod silence;

use std::path::Path;
use std::sync::LazyLock;

use plugin_host::{Contract, LoadError, Plugin};
use plugin_tests::elf::Library;
use plugin_tests::fixture;

use probe::Probe;

/// The bytes of a plugin that loads.
static PROBE: LazyLock<Library> = LazyLock::new(|| Library::read(&fixture("probe")));

fn load<C: ?Sized + Contract>(path: &Path) -> Result<Plugin<C>, LoadError> {
    // SAFETY: the file is one of ours; where its bytes were changed, nothing but the refusal under test runs.
    unsafe { Plugin::load(path) }
}

/// The refusal of a file with these bytes, and its message with the directory left out.
#[track_caller]
fn refused(library: &Library) -> (LoadError, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = library.write(directory.path(), "it.so");
    refused_at(&path)
}

/// The refusal of the file at this path, and its message with the directory left out.
#[track_caller]
fn refused_at(path: &Path) -> (LoadError, String) {
    match load::<dyn Probe>(path) {
        Ok(plugin) => panic!("{} was accepted: {plugin:?}", path.display()),
        Err(error) => {
            let directory = format!("{}/", path.parent().expect("a file in a directory").display());
            let message = error.to_string().replace(&directory, "");
            assert!(message.lines().count() <= 5, "more than five lines: {message}");
            (error, message)
        }
    }
}

/// Holds that these bytes are refused with this variant and, word for word, this message.
macro_rules! assert_refused {
    ($library:expr, $variant:ident, $($line:expr),+ $(,)?) => {{
        let (error, message) = crate::refused($library);
        assert!(matches!(error, plugin_host::LoadError::$variant { .. }), "{error:?}");
        assert_eq!(message, [$($line),+].join("\n"));
    }};
}
use assert_refused;

#[test]
fn the_unbroken_file_is_accepted() {
    let directory = tempfile::tempdir().unwrap();
    let plugin = load::<dyn Probe>(&PROBE.write(directory.path(), "it.so")).unwrap();
    assert_eq!(plugin.find("four"), Ok(4));
}
