//! The headers themselves: compiled by every compiler that is here, warnings as errors; one of them word for word.

use std::fs;

use plugin_tests::compiler::{Compiler, Language};
use store_contract::Store;

use super::echo::Echo;
use super::header;

#[test]
fn headers_compile_without_a_warning() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("acme_store.h"), header::<dyn Store>()).unwrap();
    fs::write(directory.path().join("test_echo.h"), header::<dyn Echo>()).unwrap();
    // Both in one file, as a host of both has them, and twice, as headers are.
    let text = "#define ACME_STORE_HOST\n#define TEST_ECHO_HOST\n#include \"acme_store.h\"\n#include \"test_echo.h\"\n\
                #include \"acme_store.h\"\nint nothing(void);\nint nothing(void) { return 0; }\n";
    for compiler in Compiler::all("headers") {
        let source = directory.path().join(match compiler.language {
            Language::C => "headers.c",
            Language::Cpp => "headers.cpp",
        });
        fs::write(&source, text).unwrap();
        let said = compiler.check(&source, directory.path());
        assert_eq!(said, Ok(()), "{}", compiler.name);
    }
}

#[test]
fn the_header_of_the_store() {
    insta::assert_snapshot!("acme_store.h", header::<dyn Store>());
}
