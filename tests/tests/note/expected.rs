//! A plugin that was built against the host's own contract: its note is compared, and not decoded.

use plugin_abi::Contract;
use plugin_abi::note::{Head, decode};
use plugin_host::{LoadError, Plugin, handshake};
use plugin_tests::elf::Library;
use plugin_tests::{plugin, target};
use store_contract::Store;

use super::EXPORTS;

#[test]
fn a_plugin_notes_byte_for_byte_what_its_contract_expects() {
    let library = Library::read(&plugin("memory"));
    let desc = library.desc(library.export_note());
    let head = Head::read(EXPORTS, desc).unwrap();
    assert!(head.noted == <dyn Store as Contract>::NOTED);
    // What nobody decodes then is what decoding would find.
    let record = decode(EXPORTS, desc).unwrap();
    assert_eq!((head.package, head.symbol), (&*record.package, &*record.symbol));
    assert_eq!(head.toolchain(), record.toolchain);
    assert_eq!(head.panic_abort(), record.toolchain.panic_abort);
    let host = <dyn Store as Contract>::DESC;
    let bound = handshake::bind(host, &record, &record.contracts[0]).unwrap();
    for method in host.methods {
        assert_eq!(bound.row(method.name), Some((method.name, method.fingerprint)), "{}", method.name);
    }
}

#[test]
fn one_byte_that_is_another_is_looked_at() {
    let directory = tempfile::tempdir_in(target()).unwrap();
    let library = Library::read(&plugin("memory"));
    let note = library.export_note();
    let load = |library: &Library, name| {
        let path = library.write(directory.path(), name);
        // SAFETY: the code is that of a plugin of ours, if any runs.
        unsafe { Plugin::<dyn Store>::load(path) }.map(drop)
    };
    load(&library, "whole.so").unwrap();
    let print = <dyn Store as Contract>::DESC.methods[0].fingerprint.0.to_le_bytes();
    let at = library.find_in(note, &print);
    // The table has no such row.
    let error = load(&library.with(at, &[!print[0]]), "print.so").unwrap_err();
    assert!(matches!(error, LoadError::BadExport { .. }), "{error}");
    let at = library.find_in(note, b"acme.store");
    let error = load(&library.with(at, b"acme.stork"), "id.so").unwrap_err();
    assert!(matches!(error, LoadError::ContractAbsent { .. }), "{error}");
    let error = load(&library.with(at, b"acme.\xfftore"), "text.so").unwrap_err();
    assert!(matches!(error, LoadError::NoteMalformed { .. }), "{error}");
}
