//! A real contract, implemented in C and in C++, under the suite that every store passes.

use plugin_host::Plugin;
use store_contract::{Store, conformance};

use super::{build_all, header};

const SOURCES: [&str; 2] = ["examples/store/plugin-c/memory.c", "examples/store/plugin-cpp/memory.cpp"];

#[test]
fn a_store_in_c_and_in_cpp_conforms() {
    for (compiler, built) in build_all(SOURCES, &[("acme_store.h", &header::<dyn Store>())]) {
        // SAFETY: the file was built by this test.
        let store = unsafe { Plugin::<dyn Store>::load(&built.library) };
        let store = store.unwrap_or_else(|error| panic!("{compiler}: {error}"));
        assert!(store.stats().unwrap().backend.starts_with("memory in C"), "{compiler}");
        conformance::run(&*store);
        store.close().unwrap();
    }
}
