//! A real contract, implemented in C and in C++, under the suite that every store passes.

use std::path::PathBuf;

use plugin_host::Plugin;
use plugin_tests::compiler::{Compiler, Language};
use plugin_tests::root;
use store_contract::{Store, conformance};
use tempfile::TempDir;

use super::header;

/// The plugin of one compiler. Its directory goes with the first part.
#[track_caller]
fn built(compiler: Compiler) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("acme_store.h"), header::<dyn Store>()).unwrap();
    let source = root().join("examples/store").join(match compiler.language {
        Language::C => "plugin-c/memory.c",
        Language::Cpp => "plugin-cpp/memory.cpp",
    });
    let library = compiler.library(&source, directory.path(), &directory.path().join("libmemory.so"));
    let library = library.unwrap_or_else(|said| panic!("{}: {said}", compiler.name));
    (directory, library)
}

#[test]
fn a_store_in_c_and_in_cpp_conforms() {
    for compiler in Compiler::all("store") {
        let (_directory, library) = built(compiler);
        // SAFETY: the file was built by this test.
        let store = unsafe { Plugin::<dyn Store>::load(&library) };
        let store = store.unwrap_or_else(|error| panic!("{}: {error}", compiler.name));
        assert!(store.stats().unwrap().backend.starts_with("memory in C"), "{}", compiler.name);
        conformance::run(&*store);
        store.close().unwrap();
    }
}
